package dev.parley.channel.turn;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message, its reply and what they cost. */
public record Answer(MessageView message, Reply reply, Usage usage, UUID operationId) {
    /** The agent's reply. */
    public record Reply(
            UUID id,
            String text,
            @Nullable Integer promptVersion,
            @Nullable UUID promptVersionId,
            @Nullable String finishReason,
            Instant at) {}

    /**
     * What was used.
     *
     * @param credits null while policy-service could not yet be asked for the price; it is settled by event
     */
    public record Usage(@Nullable Long credits, long inputTokens, long outputTokens) {}
}
