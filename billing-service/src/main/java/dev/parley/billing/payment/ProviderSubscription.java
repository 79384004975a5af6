package dev.parley.billing.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as its provider describes it, in our states.
 *
 * @param createdAt orders a tenant's subscriptions: the newest wins
 * @param latestInvoice the newest invoice, or null when there is none yet
 * @param reference our names, or null when the object is not ours
 */
public record ProviderSubscription(
        String provider,
        String id,
        @Nullable String customerId,
        SubscriptionStatus status,
        Instant createdAt,
        Instant periodStart,
        Instant periodEnd,
        boolean cancelAtPeriodEnd,
        @Nullable Instant trialEnd,
        @Nullable ProviderInvoice latestInvoice,
        @Nullable CheckoutReference reference) {}
