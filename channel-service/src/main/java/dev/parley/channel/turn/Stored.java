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
        long epoch,
        Instant startedAt,
        @Nullable Answer answer) {
    /** Whether a person is to answer it. */
    boolean held() {
        return Held.STATUS.equals(message.status());
    }

    /** The message as it is told when that is so. */
    Held asHeld() {
        return new Held(message, message.operationId());
    }

    /** Whether it is not a turn's any more that began in that epoch: a person has, or had, the conversation. */
    boolean isAnothers(long began) {
        return held() || epoch != began;
    }

    /** Whether its answer, or its draft, is stored. */
    boolean answered() {
        return "ANSWERED".equals(state) || "DRAFTED".equals(state);
    }

    boolean open() {
        return queued() || "RUNNING".equals(state);
    }

    /** Whether it waits for its answer without anybody who waits for that. */
    boolean queued() {
        return "QUEUED".equals(state);
    }
}
