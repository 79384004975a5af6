package dev.parley.billing.cost;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Payload of {@code agent.usage-recorded.v1} and {@code agent.run-failed.v1}: what a run of models used.
 *
 * @param quantities all of it together; null for a run that failed
 * @param keyOwner {@code tenant} where the tenant pays the provider with its own key
 * @param parts the tokens apart for each model and payer; null in older events
 * @param attempt which beginning of a run it was that failed; null for a reply
 * @param spent what a run that failed used all the same
 */
@RegisterForReflection
public record ModelUsed(
        UUID operationId,
        UUID runId,
        String agent,
        @Nullable String provider,
        @Nullable String model,
        @Nullable Map<String, Long> quantities,
        @Nullable Boolean estimated,
        @Nullable String keyOwner,
        @Nullable List<Part> parts,
        @Nullable Integer attempt,
        @Nullable List<Part> spent) {

    /** What one model used. */
    @RegisterForReflection
    public record Part(
            String provider, String model, String keyOwner, long inputTokens, long outputTokens, boolean estimated) {
        boolean isPaidByTenant() {
            return "tenant".equals(keyOwner);
        }
    }

    /** Which beginning of the run it tells of; 0 for the one that ended well. */
    int beginning() {
        return attempt == null ? 0 : attempt;
    }

    /** What each model used; nothing where none was asked. */
    List<Part> used() {
        if (parts != null) {
            return parts;
        }
        if (spent != null) {
            return spent;
        }
        if (quantities == null || provider == null || model == null) {
            return List.of();
        }
        return List.of(new Part(
                provider,
                model,
                keyOwner == null ? "platform" : keyOwner,
                quantities.getOrDefault("llm.input_tokens", 0L),
                quantities.getOrDefault("llm.output_tokens", 0L),
                Boolean.TRUE.equals(estimated)));
    }
}
