package dev.parley.policy.decision;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.engine.Terms;
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
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable String conversationId,
        Map<String, Long> estimate,
        boolean allow,
        String reasonCode,
        String ruleId,
        long policyVersion,
        long credits,
        Verdict.@Nullable Figures figures,
        @Nullable UUID leaseId,
        Instant createdAt) {

    static DecisionEntry of(
            TenantId tenant, UUID id, DecisionRequest request, Terms terms, Verdict verdict, Instant at) {
        return entry(tenant, id, request, terms, verdict, null, at);
    }

    static DecisionEntry of(
            TenantId tenant, LeasedHold hold, DecisionRequest request, Terms terms, Verdict verdict, Instant at) {
        return entry(tenant, hold.decision(), request, terms, verdict, hold, at);
    }

    private static DecisionEntry entry(
            TenantId tenant,
            UUID id,
            DecisionRequest request,
            Terms terms,
            Verdict verdict,
            @Nullable LeasedHold hold,
            Instant at) {
        return new DecisionEntry(
                tenant.value(),
                request.operationId(),
                id,
                request.agent(),
                request.channel(),
                request.userId(),
                request.conversationId(),
                request.estimate(),
                verdict.allow(),
                verdict.reason().name(),
                verdict.ruleId(),
                terms.policyVersion(),
                hold == null ? 0 : hold.credits(),
                verdict.allow() ? null : verdict.figures(),
                hold == null ? null : hold.lease(),
                at);
    }
}
