package dev.parley.channel.draft;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What became of a draft; only one that waits can become anything else. */
public enum DraftState {
    /** Nobody has decided yet. */
    WAITING,
    /** A person let it out; it is a message now. */
    APPROVED,
    /** A person said no. */
    REJECTED,
    /** The customer wrote again, and the answer to that took its place. */
    SUPERSEDED,
    /** Nobody decided in time. */
    EXPIRED,
    /** A person took the conversation over, or the customer opted out. */
    ENDED;

    /** As the database and clients write it. */
    @JsonValue
    public String stored() {
        return name().toLowerCase(Locale.ROOT);
    }

    static DraftState of(String stored) {
        return valueOf(stored.toUpperCase(Locale.ROOT));
    }

    static Optional<DraftState> named(@Nullable String name) {
        return Stream.of(values()).filter(state -> state.stored().equals(name)).findFirst();
    }
}
