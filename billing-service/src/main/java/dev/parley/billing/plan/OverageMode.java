package dev.parley.billing.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What happens when credits are used up. */
public enum OverageMode {
    /** Nothing more until the next credits. */
    BLOCK,
    /** Goes on, and is charged, up to a cap. */
    CHARGE_UP_TO_CAP,
    /** Goes on up to a cap, and the debt is taken from the next cycle's credits. */
    CARRY_DEBT_TO_NEXT_CYCLE;

    /** The name on the wire and in the database, for example {@code charge_up_to_cap}. */
    @JsonValue
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<OverageMode> find(String wire) {
        return Arrays.stream(values()).filter(mode -> mode.wire().equals(wire)).findFirst();
    }
}
