package dev.parley.billing.credit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Why credits were granted. */
public enum CreditSource {
    /** The trial of a new tenant. */
    TRIAL,
    /** One period of a plan. */
    PLAN,
    /** A pack that was bought on top. */
    PACK,
    /** A platform admin's decision. */
    ADJUSTMENT,
    /** What an operation was charged, given back. */
    REFUND,
    /** What was used beyond the credits, paid for: it pays the debt. */
    OVERAGE;

    /** The name on the wire and in the database. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }
}
