package dev.parley.billing.payment;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** The one set of states that every provider's states are mapped to. */
public enum SubscriptionStatus {
    /** Before the first payment, with the limits of the trial. */
    TRIAL,
    /** The first payment is not made yet. */
    PENDING,
    /** Paid. */
    ACTIVE,
    /** A payment failed and is tried again; full access for some days. */
    PAST_DUE,
    /** Not paid: read-only, data kept. */
    SUSPENDED,
    /** Over: export only. */
    ENDED;

    /** The name on the wire and in the database. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads the name back. */
    public static SubscriptionStatus ofWire(String wire) {
        return Arrays.stream(values())
                .filter(status -> status.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no subscription status " + wire));
    }

    /** Whether the subscription gives its plan's access, in full or for some days more. */
    public boolean isLive() {
        return this == TRIAL || this == ACTIVE || this == PAST_DUE;
    }
}
