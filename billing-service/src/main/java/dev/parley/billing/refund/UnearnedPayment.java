package dev.parley.billing.refund;

import dev.parley.billing.credit.LotPayment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payment of a replaced subscription for which the customer has nothing.
 *
 * @param planCredits what the payment would have brought
 * @param lotId the lot that the replacement ended before its time, or null when there never was one
 * @param unspent what was left of that lot
 */
record UnearnedPayment(
        UUID invoiceId,
        LotPayment paid,
        long planCredits,
        @Nullable UUID lotId,
        @Nullable Long unspent) {}
