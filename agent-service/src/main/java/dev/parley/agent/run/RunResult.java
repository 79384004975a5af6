package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.UUID;

/**
 * A reply, complete and metered.
 *
 * @param promptVersion its number, which the platform and each tenant count apart
 * @param releaseId what had brought the version on duty: an activation or an experiment
 * @param toolCalls the functions that the caller has to carry out; null where there are none. The text may be empty then
 * @param handoff set when the agent asked for a person to take over the conversation
 * @param cached whether it is an answer that was given before: no model was asked, and no tokens were used
 * @param keyOwner who pays: {@code tenant} where its own keys paid for all that was asked, else {@code platform}
 */
public record RunResult(
        UUID runId,
        String text,
        int promptVersion,
        UUID promptVersionId,
        @JsonIgnore UUID releaseId,
        String finishReason,
        Usage usage,
        String provider,
        String model,
        @JsonInclude(JsonInclude.Include.NON_NULL) List<ToolCall> toolCalls,
        String keyOwner,
        @JsonInclude(JsonInclude.Include.NON_NULL) Handoff handoff,
        boolean cached) {
    /** Tokens used; estimated when the provider did not report them. */
    public record Usage(int inputTokens, int outputTokens, boolean estimated) {}

    /**
     * A function to be carried out.
     *
     * @param arguments JSON as the model wrote it
     */
    @RegisterForReflection
    public record ToolCall(String id, String name, String arguments) {}

    /** Why a person is needed, and what they should know. */
    @RegisterForReflection
    public record Handoff(String reason, String summary) {}
}
