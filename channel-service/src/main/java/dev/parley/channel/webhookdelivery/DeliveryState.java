package dev.parley.channel.webhookdelivery;

import java.util.Locale;

/** The states of a delivery. */
enum DeliveryState {
    /** Waits for its next attempt. */
    PENDING,
    /** The endpoint took it. */
    DELIVERED,
    /** The endpoint did not take it, to the end of the schedule. */
    FAILED,
    /** It happened while the endpoint was disabled, and can be replayed. */
    SKIPPED;

    /** As it is stored and shown. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
