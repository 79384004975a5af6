package dev.parley.billing.cost;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Payload of {@code agent.usage-recorded.v1}: what a run of a model used.
 *
 * @param keyOwner {@code tenant} where the tenant pays the provider with its own key
 */
@RegisterForReflection
public record ModelUsed(
        UUID operationId,
        UUID runId,
        String agent,
        String provider,
        String model,
        Map<String, Long> quantities,
        boolean estimated,
        @Nullable String keyOwner) {
    boolean isPaidByTenant() {
        return "tenant".equals(keyOwner);
    }

    long inputTokens() {
        return quantities.getOrDefault("llm.input_tokens", 0L);
    }

    long outputTokens() {
        return quantities.getOrDefault("llm.output_tokens", 0L);
    }
}
