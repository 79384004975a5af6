package dev.parley.billing.webhook;

import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import org.jspecify.annotations.Nullable;

/** An event that waits in the inbox, with the key under which it is stored. */
record StoredEvent(
        String provider,
        String account,
        String eventId,
        String type,
        ObjectKind kind,
        @Nullable String objectId,
        int attempts) {

    /** Events about the same object are answered by one look at it. */
    String object() {
        return objectId == null ? "event " + eventId : kind + " " + objectId;
    }
}
