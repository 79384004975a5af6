package dev.parley.billing.checkout;

import dev.parley.billing.payment.PlanReference;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The intent to buy one version of a plan or of a pack.
 *
 * @param plan the plan version, or null when a pack is bought
 * @param pack the pack version, or null when a plan is bought
 * @param customerId the provider's customer who buys, when it is one we know
 * @param firstChargeAt when a plan is charged for the first time, or null for at once
 * @param clockId the provider's test clock that the purchase follows, or null
 * @param url where to pay, once the provider has answered
 */
public record Checkout(
        UUID id,
        CheckoutStatus status,
        @Nullable PlanReference plan,
        @Nullable PlanReference pack,
        String provider,
        @Nullable String successUrl,
        @Nullable String cancelUrl,
        @Nullable String customerId,
        @Nullable Instant firstChargeAt,
        @Nullable String clockId,
        @Nullable String providerSessionId,
        @Nullable String url) {}
