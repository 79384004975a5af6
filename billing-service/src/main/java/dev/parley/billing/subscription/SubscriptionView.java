package dev.parley.billing.subscription;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.parley.billing.payment.SubscriptionStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's subscription as others see it; also how the API shows it.
 *
 * @param provider who is paid, or null when nobody is
 * @param pendingPlan the code of the plan that follows with the next period, or null when it stays
 * @param providerSubscriptionId the provider's name for it; not shown
 * @param version rises with every change; not shown
 */
public record SubscriptionView(
        String plan,
        int planVersion,
        SubscriptionStatus status,
        @Nullable String provider,
        Instant currentPeriodStart,
        Instant currentPeriodEnd,
        boolean cancelAtPeriodEnd,
        @Nullable Instant trialEnd,
        @Nullable String pendingPlan,
        @JsonIgnore @Nullable String providerSubscriptionId,
        @JsonIgnore long version) {

    static SubscriptionView from(Subscription subscription) {
        return new SubscriptionView(
                subscription.planCode(),
                subscription.planVersion(),
                subscription.status(),
                subscription.provider(),
                subscription.periodStart(),
                subscription.periodEnd(),
                subscription.cancelAtPeriodEnd(),
                subscription.trialEnd(),
                subscription.pending() == null ? null : subscription.pending().code(),
                subscription.providerSubscriptionId(),
                subscription.version());
    }
}
