package dev.parley.billing.overage;

import java.util.Locale;

/** How far a charge of overage is. */
enum OverageStatus {
    /** Nobody can be charged yet: it waits for a paid subscription. */
    WAITING,
    /** The provider is asked, and has not answered. */
    UNKNOWN,
    /** The provider will charge it, or has and waits for the money. */
    ORDERED,
    /** The provider has the money, and the tenant the lot that pays the debt. */
    PAID,
    /** The provider refused it: the debt stays, and the next period's charge has it. */
    REFUSED,
    /** Its invoice was given up: the debt stays, and the next period's charge has it. */
    VOID;

    /** The name in the database. */
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static OverageStatus ofWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
