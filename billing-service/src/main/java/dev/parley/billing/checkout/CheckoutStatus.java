package dev.parley.billing.checkout;

import java.util.Arrays;
import java.util.Locale;

/** How far a checkout is. */
public enum CheckoutStatus {
    /** The provider has not answered yet: it may have made the page or not. */
    UNKNOWN,
    /** The page is there and waits for payment. */
    OPEN,
    /** Paid, or nothing was to pay. */
    COMPLETED,
    /** The page can no longer be paid. */
    EXPIRED,
    /** The provider refused it, or never answered. */
    REFUSED;

    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CheckoutStatus ofWire(String wire) {
        return Arrays.stream(values())
                .filter(status -> status.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no checkout status " + wire));
    }
}
