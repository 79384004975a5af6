package dev.parley.billing.change;

import java.util.Locale;

/** What an intent to change a subscription wants, and when. */
public enum PlanChangeTiming {
    /** Another plan at once. */
    NOW,
    /** Another plan with the next period. */
    PERIOD_END,
    /** The plan that runs, instead of the one that waits for the next period. */
    WITHDRAWAL;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PlanChangeTiming ofWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
