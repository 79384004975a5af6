package dev.parley.billing.refund;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovalService;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refund that staff want.
 *
 * @param lotId the lot whose price goes back, or null for an invoice that brought none
 * @param invoiceId that invoice, or null for a lot
 * @param credits all that the lot was granted with, or would have been: the most that can be unspent of it
 * @param providerPayment the payment that is given back, wholly or in part
 */
record WantedRefund(
        @Nullable UUID lotId, @Nullable UUID invoiceId, long credits, String providerPayment, String reason) {
    static final String ACTION = "payment-refund";

    static WantedRefund of(Refundable paid, String providerPayment, String reason) {
        return new WantedRefund(paid.lotId(), paid.invoiceId(), paid.credits(), providerPayment, reason);
    }

    /** What was wanted when the approval was asked for. */
    static WantedRefund of(Approval approval) {
        return new WantedRefund(
                id(approval, "lot_id"),
                id(approval, "invoice_id"),
                approval.credits(),
                approval.request().path("provider_payment").asText(),
                approval.reason());
    }

    private static @Nullable UUID id(Approval approval, String member) {
        return approval.request().hasNonNull(member)
                ? UUID.fromString(approval.request().get(member).asText())
                : null;
    }

    /** Names the refund of a lot or an invoice: there is one each. */
    static String requestKey(@Nullable UUID lotId, @Nullable UUID invoiceId) {
        return lotId != null ? ACTION + ":" + lotId : ACTION + ":invoice:" + invoiceId;
    }

    ApprovalService.Wanted forApproval() {
        return new ApprovalService.Wanted(
                requestKey(lotId, invoiceId), ACTION, credits, new Details(lotId, invoiceId, providerPayment), reason);
    }

    /** What an approval keeps of it beside its own members. */
    @RegisterForReflection
    record Details(@Nullable UUID lotId, @Nullable UUID invoiceId, String providerPayment) {}
}
