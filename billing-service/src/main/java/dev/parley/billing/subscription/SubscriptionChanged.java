package dev.parley.billing.subscription;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.Rate;
import dev.parley.platform.event.DomainEvent;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole of a tenant's subscription and what its plan entitles to; a higher version replaces a lower one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
record SubscriptionChanged(
        TenantId tenantId,
        long version,
        SubscriptionStatus status,
        String plan,
        int planVersion,
        @Nullable String provider,
        Instant currentPeriodStart,
        Instant currentPeriodEnd,
        boolean cancelAtPeriodEnd,
        @Nullable Instant trialEnd,
        Entitlement entitlement)
        implements DomainEvent {

    @RegisterForReflection
    record Entitlement(
            List<String> agents,
            List<String> channels,
            Map<String, Rate> rates,
            Map<String, Map<String, Rate>> agentRates,
            List<String> features,
            Map<String, Long> quotas,
            Overage overage,
            long credits) {}

    static SubscriptionChanged of(TenantId tenant, Subscription subscription, Plan plan) {
        return new SubscriptionChanged(
                tenant,
                subscription.version(),
                subscription.status(),
                subscription.planCode(),
                subscription.planVersion(),
                subscription.provider(),
                subscription.periodStart(),
                subscription.periodEnd(),
                subscription.cancelAtPeriodEnd(),
                subscription.trialEnd(),
                new Entitlement(
                        plan.agents(),
                        plan.channels(),
                        plan.rates(),
                        plan.agentRates(),
                        plan.features(),
                        plan.quotas(),
                        plan.overage().withoutPrice(),
                        plan.credits()));
    }

    @Override
    public String type() {
        return "billing.subscription-changed.v1";
    }

    @Override
    public String topic() {
        return "billing.subscription.events";
    }

    @Override
    public String key() {
        return tenantId.toString();
    }

    @Override
    public String subject() {
        return tenantId.toString();
    }
}
