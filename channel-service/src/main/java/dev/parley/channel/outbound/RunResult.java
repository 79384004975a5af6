package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent's whole answer and what it used.
 *
 * @param promptVersionId the version itself: its number is counted by the platform and by each tenant apart
 * @param handoff set when the agent asked for a person
 * @param keyOwner platform or tenant: whose key the provider was called with
 * @param toolCalls the functions that the caller has to carry out; null where there are none. The text may be empty then
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunResult(
        String runId,
        String text,
        @Nullable Integer promptVersion,
        @Nullable UUID promptVersionId,
        String finishReason,
        Usage usage,
        @Nullable String provider,
        @Nullable String model,
        @Nullable List<ToolCall> toolCalls,
        @Nullable String keyOwner,
        @Nullable Handoff handoff) {
    /** Why a person is needed, and what they should know. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Handoff(String reason, @Nullable String summary) {}

    /** Whether the tenant pays the provider with its own key: its tokens cost nothing here. */
    public boolean isPaidByTenant() {
        return "tenant".equals(keyOwner);
    }

    /**
     * A function that the caller has to carry out.
     *
     * @param arguments JSON as the model wrote it
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ToolCall(String id, String name, String arguments) {}

    /** Tokens; estimated when the provider did not say. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Usage(long inputTokens, long outputTokens, boolean estimated) {}
}
