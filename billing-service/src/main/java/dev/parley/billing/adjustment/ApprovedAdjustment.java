package dev.parley.billing.adjustment;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovedAction;
import dev.parley.billing.credit.CreditSource;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import org.jdbi.v3.core.Handle;

/** Grants or takes back credits once a second admin has agreed. */
@ApplicationScoped
class ApprovedAdjustment implements ApprovedAction {
    private final AdjustmentService adjustments;

    ApprovedAdjustment(AdjustmentService adjustments) {
        this.adjustments = adjustments;
    }

    @Override
    public String action() {
        return Change.ADJUSTMENT;
    }

    @Override
    public Object carryOut(Handle handle, Approval approval, Caller second) {
        Change change =
                new Change(approval.requestKey(), CreditSource.ADJUSTMENT, approval.credits(), null, approval.reason());
        return adjustments.approved(handle, approval, change, second);
    }
}
