package dev.parley.policy.decision;

import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Terms;
import dev.parley.policy.rating.Rating;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether an operation may run.
 *
 * @param estimate expected quantities by meter
 * @param hold whether to reserve what the operation may cost; yes when absent
 * @param minPolicyVersion the oldest version of the tenant's terms that may be decided on
 */
public record DecisionRequest(
        @NotNull UUID operationId,
        @NotBlank @Size(max = 100) String agent,
        @NotBlank @Size(max = 32) String channel,
        @Nullable @Size(max = 200) String userId,
        @Nullable @Size(max = 200) String conversationId,

        @NotNull @Size(max = 32)
        Map<@NotBlank @Size(max = 64) String, @NotNull @Min(0) @Max(Rating.MOST_UNITS) Long> estimate,

        @Nullable Boolean hold,
        @Nullable @Min(0) Long minPolicyVersion) {

    Ask ask() {
        return new Ask(agent, channel, estimate);
    }

    boolean accepts(Terms terms) {
        return minPolicyVersion == null || terms.policyVersion() >= minPolicyVersion;
    }

    boolean holds() {
        return hold == null || hold;
    }
}
