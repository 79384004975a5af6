package dev.parley.billing.refund;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How far a refund is. */
public enum RefundStatus {
    /** The lot is being closed: policy has not said yet what was unspent. */
    CLOSING,
    /** The provider is asked, and has not answered. */
    UNKNOWN,
    /** The provider took it on. */
    PENDING,
    /** The customer has the money. */
    DONE,
    /** Nothing was unspent, so there is nothing to give back. */
    NOTHING,
    /** The provider refused it, or it failed there: the credits were granted again. */
    REFUSED;

    /** The name on the wire and in the database. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static RefundStatus ofWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
