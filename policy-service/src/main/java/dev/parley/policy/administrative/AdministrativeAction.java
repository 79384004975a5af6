package dev.parley.policy.administrative;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/** What staff may want to change. */
enum AdministrativeAction {
    /** Credits granted, or taken back. */
    CREDIT_ADJUSTMENT,
    /** An operation's charge given back. */
    USAGE_REFUND,
    /** Money given back. */
    PAYMENT_REFUND;

    @JsonValue
    String wire() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @JsonCreator
    static AdministrativeAction ofWire(String wire) {
        return Arrays.stream(values())
                .filter(action -> action.wire().equals(wire))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no administrative action " + wire));
    }
}
