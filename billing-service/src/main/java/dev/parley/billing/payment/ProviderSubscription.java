package dev.parley.billing.payment;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A subscription as its provider describes it, in our states.
 *
 * @param createdAt orders a tenant's subscriptions: the newest wins
 * @param latestInvoice the newest invoice, or null when there is none yet
 * @param reference our names, or null when the object is not ours
 * @param plan the plan version of the running period, or null when it is the one of its checkout
 * @param nextPlan the plan version that follows with the next period, or null when that is the same
 * @param isPaidElsewhere whether its first period is one that another provider was paid for
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
        @Nullable CheckoutReference reference,
        @Nullable PlanReference plan,
        @Nullable PlanReference nextPlan,
        boolean isPaidElsewhere) {

    /** As an adapter makes it: only the checkout that it came from tells whether it was paid elsewhere. */
    public ProviderSubscription(
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
            @Nullable CheckoutReference reference,
            @Nullable PlanReference plan,
            @Nullable PlanReference nextPlan) {
        this(
                provider,
                id,
                customerId,
                status,
                createdAt,
                periodStart,
                periodEnd,
                cancelAtPeriodEnd,
                trialEnd,
                latestInvoice,
                reference,
                plan,
                nextPlan,
                false);
    }

    /** The same, for one that was authorised while its running period is paid at another provider. */
    public ProviderSubscription asPaidElsewhere() {
        return new ProviderSubscription(
                provider,
                id,
                customerId,
                status,
                createdAt,
                periodStart,
                periodEnd,
                cancelAtPeriodEnd,
                trialEnd,
                latestInvoice,
                reference,
                plan,
                nextPlan,
                true);
    }
}
