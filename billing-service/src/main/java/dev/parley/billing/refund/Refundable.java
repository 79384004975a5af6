package dev.parley.billing.refund;

import dev.parley.billing.credit.LotPayment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that was paid and can be given back, wholly or in part; either a lot or an invoice that brought none.
 *
 * @param credits the most that the payment brought, or would have: what policy is asked about
 * @param open whether the lot can still be ended, or nothing has to be
 */
record Refundable(@Nullable UUID lotId, @Nullable UUID invoiceId, long credits, LotPayment paid, boolean open) {

    /** Names its refund: there is one. */
    String requestKey() {
        return WantedRefund.requestKey(lotId, invoiceId);
    }
}
