package dev.parley.billing.overage;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanReference;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was used beyond the credits of one period, and what it costs; neither changes any more.
 *
 * @param payer whom it is charged to, or null while it waits for somebody
 * @param itemId the provider's name for it, once it has answered
 * @param invoiceId the provider's invoice that charges it, once that is known
 */
record OverageCharge(
        UUID id,
        OverageStatus status,
        PlanReference plan,
        long credits,
        Money amount,
        @Nullable OveragePayer payer,
        @Nullable String itemId,
        @Nullable String invoiceId,
        Instant createdAt) {}
