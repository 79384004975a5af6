package dev.parley.billing.checkout;

import dev.parley.billing.outbound.PolicyClient;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Begins a checkout: intent, provider, answer. Whatever breaks in between is found out by asking the provider again. */
@ApplicationScoped
public class CheckoutFlow {
    private static final Logger LOG = Logger.getLogger(CheckoutFlow.class);

    private final CheckoutService checkouts;
    private final PaymentProviders providers;
    private final ProviderClockFlow clocks;
    private final PolicyClient policy;

    CheckoutFlow(CheckoutService checkouts, PaymentProviders providers, ProviderClockFlow clocks, PolicyClient policy) {
        this.checkouts = checkouts;
        this.providers = providers;
        this.clocks = clocks;
        this.policy = policy;
    }

    /** Begins a checkout of a plan's newest version, and returns where to pay. */
    public @Nullable String startPlan(String plan, String provider, String returnUrl, Caller caller) {
        return start(new CheckoutRequest(plan, null, provider, returnUrl, returnUrl), caller, null)
                .url();
    }

    /** Begins a move to another provider, and returns where the customer authorises it. */
    public @Nullable String startMove(TenantId tenant, Caller admin, String toProvider, MoveTerms terms) {
        PaymentProvider provider = providers.named(toProvider);
        clocks.prepare(tenant, provider);
        return order(provider, tenant, checkouts.beginMove(tenant, admin, toProvider, terms))
                .url();
    }

    CheckoutResponse start(CheckoutRequest request, Caller caller, @Nullable String idempotencyKey) {
        PaymentProvider provider = providers.named(request.providerOrDefault());
        if (!checkouts.isFree(request)) {
            clocks.prepare(caller.tenant(), provider);
        }
        CheckoutService.Begun begun = checkouts.begin(request, caller, idempotencyKey);
        if (begun.activeVersion() != null) {
            policy.awaitVersion(caller.tenant(), begun.activeVersion());
            return CheckoutResponse.from(begun.checkout());
        }
        Checkout checkout = begun.checkout().status() == CheckoutStatus.UNKNOWN
                ? order(provider, caller.tenant(), begun.checkout())
                : begun.checkout();
        return CheckoutResponse.from(checkout);
    }

    private Checkout order(PaymentProvider provider, TenantId tenant, Checkout checkout) {
        try {
            ProviderCheckout page = provider.createCheckout(checkouts.order(tenant, checkout));
            return checkouts.answered(tenant, checkout.id(), page);
        } catch (PaymentRefused refused) {
            LOG.warnf(refused, "checkout %s was refused by %s", checkout.id(), provider.name());
            checkouts.refused(tenant, checkout.id());
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED, refused)
                    .detail("Nothing was charged.")
                    .with("checkout_id", checkout.id());
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain)
                    .detail("Nothing was charged. Try again with the same Idempotency-Key.")
                    .header("Retry-After", "5")
                    .with("checkout_id", checkout.id());
        }
    }
}
