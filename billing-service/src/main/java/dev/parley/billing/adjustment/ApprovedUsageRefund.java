package dev.parley.billing.adjustment;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovedAction;
import dev.parley.billing.credit.CreditSource;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Gives back what an operation was charged once a second admin has agreed. */
@ApplicationScoped
class ApprovedUsageRefund implements ApprovedAction {
    private final AdjustmentService adjustments;

    ApprovedUsageRefund(AdjustmentService adjustments) {
        this.adjustments = adjustments;
    }

    @Override
    public String action() {
        return Change.USAGE_REFUND;
    }

    @Override
    public Object carryOut(Handle handle, Approval approval, Caller second) {
        UUID operation = UUID.fromString(approval.request().path("operation_id").asText());
        Change change = new Change(
                approval.requestKey(), CreditSource.REFUND, approval.credits(), operation, approval.reason());
        return adjustments.approved(handle, approval, change, second);
    }
}
