package dev.parley.channel.review;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What becomes of an agent's replies on a messenger, where there is a rule for them. */
public enum Mode {
    /** Each is a draft that waits for a person. */
    REVIEW,
    /** They are sent; a sample are drafts all the same. */
    AUTOPILOT;

    /** As the database and clients write it. */
    @JsonValue
    public String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Mode of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }
}
