package dev.parley.platform.id;

import com.github.f4b6a3.uuid.UuidCreator;
import java.util.UUID;

/** Makes identifiers. */
public final class Ids {
    private Ids() {}

    /** Returns a new UUIDv7 (RFC 9562): ordered by time of creation, so that indexes grow at one end. */
    public static UUID next() {
        return UuidCreator.getTimeOrderedEpoch();
    }
}
