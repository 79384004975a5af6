package dev.parley.billing.adjustment;

import dev.parley.billing.approval.ApprovalService;
import dev.parley.billing.credit.CreditSource;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A change of credits that staff want.
 *
 * @param requestKey names it: each change is made once per tenant
 * @param operationId the operation to refund, or null
 */
@RegisterForReflection
record Change(
        String requestKey,
        CreditSource source,
        long credits,
        @Nullable UUID operationId,
        String reason) {
    static final String ADJUSTMENT = "credit-adjustment";
    static final String USAGE_REFUND = "usage-refund";

    /** The name by which policy decides about it. */
    String action() {
        return source == CreditSource.REFUND ? USAGE_REFUND : ADJUSTMENT;
    }

    ApprovalService.Wanted wanted() {
        return new ApprovalService.Wanted(requestKey, action(), credits, new Details(operationId), reason);
    }

    /** What an approval keeps of it beside its own members. */
    @RegisterForReflection
    record Details(@Nullable UUID operationId) {}
}
