package dev.parley.billing.lifecycle;

import dev.parley.billing.change.PlanChangeService;
import dev.parley.billing.checkout.CheckoutFlow;
import dev.parley.billing.checkout.MoveTerms;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Moves a tenant to another payment provider: its plan is authorised there, to be charged when what is paid ends. Once
 * it is, the new subscription is the tenant's and the old one ends with its period; credits stay as they are.
 */
@ApplicationScoped
class ProviderMoveFlow {
    private final SubscriptionService subscriptions;
    private final PlanChangeService plans;
    private final CheckoutFlow checkouts;
    private final PaymentProviders providers;
    private final String returnUrl;

    ProviderMoveFlow(
            SubscriptionService subscriptions,
            PlanChangeService plans,
            CheckoutFlow checkouts,
            PaymentProviders providers,
            LifecycleConfig config) {
        this.subscriptions = subscriptions;
        this.plans = plans;
        this.checkouts = checkouts;
        this.providers = providers;
        this.returnUrl = config.publicUrl() + "/console/billing";
    }

    ProviderMoveResponse begin(TenantId tenant, ProviderMoveRequest request, Caller admin) {
        String target = providers.named(request.provider()).name();
        SubscriptionView current = subscriptions.get(tenant);
        if (current.provider() == null || current.status() != SubscriptionStatus.ACTIVE) {
            throw refused("Only a subscription that is paid can be moved.");
        }
        if (target.equals(current.provider())) {
            throw refused("The tenant is at that provider already.");
        }
        if (current.cancelAtPeriodEnd() || current.pendingPlan() != null) {
            throw refused("It is about to end or to change; take that back first.");
        }
        return new ProviderMoveResponse(checkouts.startMove(
                tenant,
                admin,
                target,
                new MoveTerms(plans.current(tenant), current.currentPeriodEnd(), returnUrl, request.reason())));
    }

    private static Problem refused(String why) {
        return new Problem(LifecycleProblem.PROVIDER_MOVE_REFUSED).detail(why);
    }
}
