package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A payment that succeeded, as its provider describes it.
 *
 * @param refunded what of it was given back
 * @param customerId who paid, or null when the provider does not say
 * @param reference our names, or null when the provider keeps none with the payment (it does for packs)
 */
public record ProviderPayment(
        String id,
        Money amount,
        Money refunded,
        @Nullable String customerId,
        Instant createdAt,
        @Nullable CheckoutReference reference) {}
