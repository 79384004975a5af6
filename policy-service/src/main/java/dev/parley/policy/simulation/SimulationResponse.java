package dev.parley.policy.simulation;

import dev.parley.policy.engine.ReasonCode;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What would have been answered.
 *
 * @param decisions how many were made again
 * @param changed how many of them end otherwise: another answer, or another reason
 * @param skipped decisions from before terms were kept by version; they cannot be made again
 * @param unreproduced decisions that end otherwise than recorded even without the draft; more than a few say that the
 *     rest is not to be trusted
 * @param tenantsChanged how many tenants' answers or credits would change
 * @param tenants those of them that change most, the most changed first
 */
public record SimulationResponse(
        long decisions,
        long changed,
        long skipped,
        long unreproduced,
        long tenantsChanged,
        List<TenantChange> tenants) {

    /**
     * What would change for one tenant.
     *
     * @param plan the plan that it was on last
     * @param creditsBefore what its operations reserved at most, all decisions together
     * @param creditsAfter the same under the draft
     */
    public record TenantChange(
            UUID tenantId,
            String plan,
            long decisions,
            long changed,
            long nowDenied,
            long nowAllowed,
            long creditsBefore,
            long creditsAfter,
            List<Example> examples) {}

    /** A decision that would end otherwise. */
    public record Example(
            UUID decisionId,
            UUID operationId,
            Instant at,
            @Nullable String agent,
            @Nullable String channel,
            ReasonCode before,
            ReasonCode after,
            String ruleId,
            @Nullable String remedy) {}
}
