package dev.parley.billing.credit;

import dev.parley.billing.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What was paid for a lot.
 *
 * @param invoiceId the provider's invoice, or null for what is bought without one
 * @param paymentId the provider's payment, or null when only its invoice is known
 * @param amount above zero
 */
public record LotPayment(
        String provider,
        @Nullable String invoiceId,
        @Nullable String paymentId,
        Money amount) {}
