package dev.parley.billing.refund;

import dev.parley.billing.approval.ApprovalService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * A refund that staff want.
 *
 * @param credits all that the lot was granted with: the most that can be unspent of it
 * @param providerPayment the payment that is given back, wholly or in part
 */
record WantedRefund(UUID lotId, long credits, String providerPayment, String reason) {
    static final String ACTION = "payment-refund";

    /** Names the refund of a lot: there is one per lot. */
    static String requestKey(UUID lotId) {
        return ACTION + ":" + lotId;
    }

    ApprovalService.Wanted forApproval() {
        return new ApprovalService.Wanted(
                requestKey(lotId), ACTION, credits, new Details(lotId, providerPayment), reason);
    }

    /** What an approval keeps of it beside its own members. */
    @RegisterForReflection
    record Details(UUID lotId, String providerPayment) {}
}
