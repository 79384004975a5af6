package dev.parley.billing.checkout;

import dev.parley.billing.payment.Purchase;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A checkout before it is stored. */
record CheckoutIntent(
        UUID id,
        @Nullable String requestKey,
        CheckoutStatus status,
        Purchase purchase,
        String provider,
        @Nullable String successUrl,
        @Nullable String cancelUrl,
        @Nullable String customerId,
        @Nullable Instant firstChargeAt,
        @Nullable String clockId,
        String createdBy) {}
