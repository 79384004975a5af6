package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.jspecify.annotations.Nullable;

/** An agent's whole answer and what it used. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunResult(
        String runId,
        String text,
        @Nullable Integer promptVersion,
        String finishReason,
        Usage usage,
        @Nullable String provider,
        @Nullable String model) {
    /** Tokens; estimated when the provider did not say. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Usage(long inputTokens, long outputTokens, boolean estimated) {}
}
