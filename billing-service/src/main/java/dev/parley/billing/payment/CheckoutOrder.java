package dev.parley.billing.payment;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a page to pay on is made for. The checkout's id names it for ever, at the provider too, and the same checkout is
 * always ordered with the same members.
 *
 * @param customerId the provider's customer who buys, or null when the provider shall make one
 * @param firstChargeAt when a plan's first interval begins and is charged, or null for at once; until then the
 *     subscription is authorised ({@link SubscriptionStatus#TRIAL}) and its period ends at that moment
 * @param clockId the provider's test clock that the purchase follows ({@link ProviderClocks}), or null for real time;
 *     never set together with {@code customerId}, who has a clock or has none
 */
public record CheckoutOrder(
        UUID checkoutId,
        TenantId tenant,
        Purchase purchase,
        String successUrl,
        String cancelUrl,
        @Nullable String customerId,
        @Nullable Instant firstChargeAt,
        @Nullable String clockId) {}
