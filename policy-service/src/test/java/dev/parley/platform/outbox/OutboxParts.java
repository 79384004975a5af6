package dev.parley.platform.outbox;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Makes the outbox without a container. */
public final class OutboxParts {
    private OutboxParts() {}

    public static Outbox outbox(ObjectMapper mapper) {
        return new Outbox(mapper);
    }
}
