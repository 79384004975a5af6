package dev.parley.channel.turn;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A known message with its latest attempt, and the answer when there is one. */
record Stored(
        MessageView message,
        long seq,
        String agent,
        String channel,
        @Nullable String userId,
        String createdBy,
        String state,
        Instant startedAt,
        @Nullable Answer answer) {
    boolean open() {
        return "QUEUED".equals(state) || "RUNNING".equals(state);
    }
}
