package dev.parley.billing.payment;

import org.jspecify.annotations.Nullable;

/**
 * What a webhook is about. It only says which object to fetch: an event never sets a state by its name.
 *
 * @param account the provider's account that it belongs to, or an empty text for our own
 * @param eventId unique per provider and account
 * @param objectId the object to fetch, or null when it is of no concern
 */
public record ProviderEvent(
        String provider,
        String account,
        String eventId,
        String type,
        ObjectKind kind,
        @Nullable String objectId) {

    /** The kinds of objects that are fetched. */
    public enum ObjectKind {
        /** A checkout. */
        CHECKOUT,
        /** A subscription. */
        SUBSCRIPTION,
        /** An invoice. */
        INVOICE,
        /** A refund. */
        REFUND,
        /** Anything else: stored and left alone. */
        OTHER
    }
}
