package dev.parley.billing.lifecycle;

import dev.parley.billing.checkout.ProviderClockFlow;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.overage.OverageFlow;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.subscription.DueSubscription;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;

/** Lets time pass for one tenant: at its providers first, then here, with everything that falls due by then. */
@ApplicationScoped
class TestClockFlow {
    private final TestClockService clocks;
    private final ProviderClockFlow atProviders;
    private final SubscriptionService subscriptions;
    private final RenewalFlow renewals;
    private final CreditService credits;
    private final OverageFlow overages;

    TestClockFlow(
            TestClockService clocks,
            ProviderClockFlow atProviders,
            SubscriptionService subscriptions,
            RenewalFlow renewals,
            CreditService credits,
            OverageFlow overages) {
        this.clocks = clocks;
        this.atProviders = atProviders;
        this.subscriptions = subscriptions;
        this.renewals = renewals;
        this.credits = credits;
        this.overages = overages;
    }

    TestClockResponse move(TenantId tenant, Instant to, Caller admin) {
        clocks.requireMovable(tenant, to);
        try {
            // As on days that pass by themselves, the provider knows of the overage before it renews.
            subscriptions.freezeOverage(tenant, to);
            overages.order(tenant);
            atProviders.advance(tenant, to);
            Instant now = clocks.move(tenant, to, admin);
            SubscriptionView subscription = subscriptions.get(tenant);
            renewals.look(
                    new DueSubscription(tenant, subscription.provider(), subscription.providerSubscriptionId(), false));
            credits.closeExpired(tenant);
            return new TestClockResponse(now, subscriptions.get(tenant));
        } catch (PaymentRefused refused) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED, refused);
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain).header("Retry-After", "5");
        }
    }
}
