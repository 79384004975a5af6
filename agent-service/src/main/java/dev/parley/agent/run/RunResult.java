package dev.parley.agent.run;

import java.util.UUID;

/** A reply, complete and metered. */
public record RunResult(
        UUID runId, String text, int promptVersion, String finishReason, Usage usage, String provider, String model) {
    /** Tokens used; estimated when the provider did not report them. */
    public record Usage(int inputTokens, int outputTokens, boolean estimated) {}
}
