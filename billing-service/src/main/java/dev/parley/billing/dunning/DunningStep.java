package dev.parley.billing.dunning;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** What a customer is told while a payment is overdue, each once. */
enum DunningStep {
    /** The payment failed; everything works for some days more. */
    FAILED,
    /** Half of those days are over. */
    REMINDER,
    /** The days are over: read-only until it is paid. */
    SUSPENDED;

    /** What is to be said now; only the latest when time went by unnoticed. */
    static DunningStep at(boolean suspended, Instant pastDueSince, Instant now, Duration grace) {
        if (suspended) {
            return SUSPENDED;
        }
        return pastDueSince.plus(grace.dividedBy(2)).isAfter(now) ? FAILED : REMINDER;
    }

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
