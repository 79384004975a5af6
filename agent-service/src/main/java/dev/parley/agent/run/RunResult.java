package dev.parley.agent.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;

/**
 * A reply, complete and metered.
 *
 * @param promptVersion its number, which the platform and each tenant count apart
 * @param releaseId what had brought the version on duty: an activation or an experiment
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
        String model) {
    /** Tokens used; estimated when the provider did not report them. */
    public record Usage(int inputTokens, int outputTokens, boolean estimated) {}
}
