package dev.parley.billing.lifecycle;

import dev.parley.billing.checkout.Checkout;
import dev.parley.billing.checkout.CheckoutService;
import dev.parley.billing.checkout.CheckoutStatus;
import dev.parley.billing.checkout.PendingCheckout;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Asks providers about checkouts that have no final answer: those nobody answered, and those whose webhook was lost. */
@ApplicationScoped
class CheckoutJanitorFlow {
    private static final Logger LOG = Logger.getLogger(CheckoutJanitorFlow.class);

    private final CheckoutService checkouts;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;

    CheckoutJanitorFlow(CheckoutService checkouts, PaymentProviders providers, ProviderStateFlow states) {
        this.checkouts = checkouts;
        this.providers = providers;
        this.states = states;
    }

    void sweep() {
        for (PendingCheckout pending : checkouts.claimPending()) {
            try {
                ask(pending);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "checkout %s is asked about again later", pending.id());
            }
        }
    }

    private void ask(PendingCheckout pending) {
        Checkout checkout = checkouts.find(pending.tenant(), pending.id()).orElseThrow();
        PaymentProvider provider = providers.named(checkout.provider());
        if (checkout.status() == CheckoutStatus.UNKNOWN) {
            askAgain(provider, pending.tenant(), checkout);
        } else if (checkout.status() == CheckoutStatus.OPEN) {
            Optional<ProviderCheckout> now =
                    provider.fetchCheckout(Objects.requireNonNull(checkout.providerSessionId()));
            now.ifPresentOrElse(
                    found -> states.followCheckout(provider, found),
                    () -> checkouts.refused(pending.tenant(), checkout.id()));
        }
    }

    /** The same order with the same idempotency key: the provider answers with what it made the first time. */
    private void askAgain(PaymentProvider provider, TenantId tenant, Checkout checkout) {
        if (checkouts.isTooOldToAsk(tenant, checkout.id())) {
            checkouts.refused(tenant, checkout.id());
            return;
        }
        try {
            checkouts.answered(tenant, checkout.id(), provider.createCheckout(checkouts.order(tenant, checkout)));
        } catch (PaymentRefused refused) {
            LOG.infof("checkout %s was refused: %s", checkout.id(), refused.getMessage());
            checkouts.refused(tenant, checkout.id());
        }
    }
}
