package dev.parley.billing.adjustment;

import dev.parley.billing.approval.Outcome;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.outbound.AdministrativeDecision;
import dev.parley.billing.outbound.PolicyClient;
import dev.parley.platform.id.Ids;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks policy about each change by hand, then makes it or keeps it for a second admin. */
@ApplicationScoped
class AdjustmentFlow {
    private final AdjustmentService adjustments;
    private final PolicyClient policy;

    AdjustmentFlow(AdjustmentService adjustments, PolicyClient policy) {
        this.adjustments = adjustments;
        this.policy = policy;
    }

    /**
     * Grants credits or takes them back.
     *
     * @param idempotencyKey what the admin's client named its request, or null; the same name changes once, for ever
     */
    Outcome<Adjustment> adjust(
            TenantId tenant, CreditAdjustmentRequest request, Caller admin, @Nullable String idempotencyKey) {
        String occasion = idempotencyKey == null ? Ids.next().toString() : admin.subject() + ":" + idempotencyKey;
        return make(
                tenant,
                new Change(
                        "adjustment:" + occasion, CreditSource.ADJUSTMENT, request.credits(), null, request.reason()),
                admin);
    }

    /** Gives back what an operation was charged; asked again, it answers what became of the first time. */
    Outcome<Adjustment> refund(TenantId tenant, UsageRefundRequest request, Caller admin) {
        UUID operation = request.operationId();
        long charged = adjustments.charged(tenant, operation);
        return make(
                tenant,
                new Change("refund:" + operation, CreditSource.REFUND, charged, operation, request.reason()),
                admin);
    }

    private Outcome<Adjustment> make(TenantId tenant, Change change, Caller admin) {
        Optional<Outcome<Adjustment>> known = adjustments.find(tenant, change.requestKey());
        if (known.isPresent()) {
            return known.get();
        }
        AdministrativeDecision decision =
                policy.administrative(tenant, change.action(), Math.abs(change.credits()), admin.actor());
        decision.requireAllowed();
        return adjustments.make(tenant, change, decision, admin);
    }
}
