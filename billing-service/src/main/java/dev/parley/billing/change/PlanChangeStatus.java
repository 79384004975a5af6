package dev.parley.billing.change;

import java.util.Locale;

/** How far a change of plan is. */
public enum PlanChangeStatus {
    /** The provider has not answered yet: it may have changed the plan or not. */
    UNKNOWN,
    /** The provider has changed it, or will with the next period. */
    DONE,
    /** It was not made: the provider refused it, or it was never asked, or too late. */
    REFUSED,
    /** The subscription is no longer the tenant's: there is nothing left to change. */
    VOID;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PlanChangeStatus ofWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
