package dev.parley.billing.refund;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovedAction;
import dev.parley.platform.security.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import org.jdbi.v3.core.Handle;

/** Begins a refund once a second admin has agreed. */
@ApplicationScoped
class ApprovedRefund implements ApprovedAction {
    private final RefundService refunds;

    ApprovedRefund(RefundService refunds) {
        this.refunds = refunds;
    }

    @Override
    public String action() {
        return WantedRefund.ACTION;
    }

    @Override
    public Object carryOut(Handle handle, Approval approval, Caller second) {
        return refunds.approved(handle, approval, WantedRefund.of(approval), second);
    }
}
