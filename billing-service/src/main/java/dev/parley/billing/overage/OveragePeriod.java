package dev.parley.billing.overage;

import java.time.Instant;

/**
 * A period that ends.
 *
 * @param of the subscription, by whichever name it has for good
 */
public record OveragePeriod(String of, Instant start, Instant end) {
    /** Names the period for ever: its overage is frozen once. */
    String occasion() {
        return of + ":" + start.getEpochSecond();
    }
}
