package dev.parley.channel.turn;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.channel.outbound.RunResult;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message, its reply and what they cost.
 *
 * @param toolCalls the functions that its caller has to carry out, where the reply was made just now; the agent's run
 *     keeps them
 */
public record Answer(
        MessageView message,
        Reply reply,
        Usage usage,
        UUID operationId,
        @JsonIgnore @Nullable List<RunResult.ToolCall> toolCalls)
        implements Said {
    /** An answer that calls no functions, or was made before. */
    public Answer(MessageView message, Reply reply, Usage usage, UUID operationId) {
        this(message, reply, usage, operationId, null);
    }

    /** The same with its price. */
    Answer costing(@Nullable Long credits) {
        return new Answer(
                message, reply, new Usage(credits, usage.inputTokens(), usage.outputTokens()), operationId, toolCalls);
    }

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
