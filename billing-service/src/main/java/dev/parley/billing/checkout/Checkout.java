package dev.parley.billing.checkout;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The intent to buy one version of a plan.
 *
 * @param url where to pay, once the provider has answered
 */
public record Checkout(
        UUID id,
        CheckoutStatus status,
        String planCode,
        int planVersion,
        String provider,
        @Nullable String successUrl,
        @Nullable String cancelUrl,
        @Nullable String providerSessionId,
        @Nullable String url) {}
