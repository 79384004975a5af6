package dev.parley.billing.reconciliation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a drift is put right. */
enum Repair {
    /** Ask the provider again and apply what it says. */
    FETCH_AND_APPLY,
    /** Book the entry that is missing. */
    BOOK,
    /** Move the account by an entry that says so. */
    COMPENSATE,
    /** Tell policy of the lot again. */
    REPEAT_GRANT,
    /** Tell policy again that the lot ends. */
    REPEAT_CLOSE,
    /** Tell policy of the subscription again. */
    REPEAT_SUBSCRIPTION,
    /** Ask policy again to take the credits back. */
    REPEAT_WITHDRAWAL,
    /** Cancel it at the provider, once more. */
    CANCEL,
    /** End what is left of the lot. */
    CLOSE_LOT,
    /** A person must look. */
    NONE;

    /** The name on the wire and in the database. */
    @JsonValue
    String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Repair ofWire(String wire) {
        return valueOf(wire.toUpperCase(Locale.ROOT));
    }
}
