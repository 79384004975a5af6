package dev.parley.policy.decision;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Ask;
import dev.parley.policy.engine.Standing;
import dev.parley.policy.engine.Verdict;
import dev.parley.policy.lease.LeasedHold;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A line of the decision log. */
@RegisterForReflection
record DecisionEntry(
        UUID tenantId,
        UUID operationId,
        UUID id,
        @Nullable String agent,
        @Nullable String channel,
        @Nullable String feature,
        @Nullable String userId,
        @Nullable String conversationId,
        Map<String, Long> estimate,
        boolean allow,
        String reasonCode,
        String ruleId,
        long policyVersion,
        int rulesVersion,
        long credits,
        Verdict.@Nullable Figures figures,
        @Nullable String remedy,
        @Nullable Standing standing,
        Ask.@Nullable Contact contact,
        @Nullable UUID leaseId,
        Instant createdAt) {

    /** One for which nothing is held. */
    static DecisionEntry of(TenantId tenant, UUID id, DecisionRequest request, Decided decided, Instant at) {
        return entry(tenant, id, request, decided, null, at);
    }

    /** One that holds in a lease. */
    static DecisionEntry of(TenantId tenant, LeasedHold hold, DecisionRequest request, Decided decided, Instant at) {
        return entry(tenant, hold.decision(), request, decided, hold, at);
    }

    private static DecisionEntry entry(
            TenantId tenant, UUID id, DecisionRequest request, Decided decided, @Nullable LeasedHold hold, Instant at) {
        Verdict verdict = decided.verdict();
        return new DecisionEntry(
                tenant.value(),
                request.operationId(),
                id,
                request.agent(),
                request.channel(),
                request.feature(),
                request.userId(),
                request.conversationId(),
                request.estimate(),
                verdict.allow(),
                verdict.reason().name(),
                verdict.ruleId(),
                decided.terms().policyVersion(),
                decided.rulesVersion(),
                hold == null ? 0 : hold.credits(),
                verdict.allow() ? null : verdict.figures(),
                verdict.remedy(),
                decided.standing(),
                request.contactFacts(),
                hold == null ? null : hold.lease(),
                at);
    }
}
