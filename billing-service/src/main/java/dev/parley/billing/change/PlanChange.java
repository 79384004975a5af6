package dev.parley.billing.change;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.subscription.SubscriptionView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The intent to change a paid subscription's plan.
 *
 * @param to the plan version that it leads to; of a withdrawal the one that stays
 * @param baseCredits the most that a plan of the running period has granted
 * @param charged what the provider charged for it, once that is known
 * @param at from when on the rest of the period counts, a whole second
 */
public record PlanChange(
        UUID id,
        PlanChangeStatus status,
        PlanChangeTiming timing,
        String provider,
        String providerSubscriptionId,
        PlanReference from,
        PlanReference to,
        long baseCredits,
        Instant at,
        Instant periodStart,
        Instant periodEnd,
        @Nullable Money charged) {

    /** Whether it is a change of that subscription. */
    boolean isOf(ProviderSubscription other) {
        return provider.equals(other.provider()) && providerSubscriptionId.equals(other.id());
    }

    /** Whether it is a change of the subscription that the tenant has. */
    boolean isOf(SubscriptionView current) {
        return provider.equals(current.provider()) && providerSubscriptionId.equals(current.providerSubscriptionId());
    }
}
