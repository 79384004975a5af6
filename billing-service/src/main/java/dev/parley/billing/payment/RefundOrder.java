package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import java.util.UUID;

/**
 * A part of a payment shall be given back.
 *
 * @param refundId names the refund for ever: the idempotency key, and kept with the refund at the provider
 * @param paymentId the provider's payment, from {@link ProviderInvoice#paymentId} or {@link ProviderCheckout#paymentId}
 * @param amount above zero
 */
public record RefundOrder(UUID refundId, String paymentId, Money amount) {}
