package dev.parley.billing.cost;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.UUID;

/** Payload of {@code agent.usage-recorded.v1}: what a run of a model used. */
@RegisterForReflection
public record ModelUsed(
        UUID operationId,
        UUID runId,
        String agent,
        String provider,
        String model,
        Map<String, Long> quantities,
        boolean estimated) {

    long inputTokens() {
        return quantities.getOrDefault("llm.input_tokens", 0L);
    }

    long outputTokens() {
        return quantities.getOrDefault("llm.output_tokens", 0L);
    }
}
