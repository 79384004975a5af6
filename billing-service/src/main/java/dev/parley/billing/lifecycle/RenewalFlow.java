package dev.parley.billing.lifecycle;

import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.subscription.DueSubscription;
import dev.parley.billing.subscription.SubscriptionService;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Looks at subscriptions whose time has come, and cancels those that another one has replaced. */
@ApplicationScoped
class RenewalFlow {
    private static final Logger LOG = Logger.getLogger(RenewalFlow.class);

    private final SubscriptionService subscriptions;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;

    RenewalFlow(SubscriptionService subscriptions, PaymentProviders providers, ProviderStateFlow states) {
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.states = states;
    }

    void sweepDue() {
        for (DueSubscription due : subscriptions.claimDue()) {
            try {
                look(due);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the subscription of tenant %s is looked at again later", due.tenant());
            }
        }
    }

    /** Lets time pass for a subscription of our own, and asks the provider about one of its. */
    void look(DueSubscription due) {
        if (due.provider() == null) {
            subscriptions.timePassed(due.tenant());
        } else {
            states.followSubscription(
                    providers.named(due.provider()), Objects.requireNonNull(due.providerSubscriptionId()));
        }
    }

    void sweepSuperseded() {
        for (DueSubscription replaced : subscriptions.claimSuperseded()) {
            try {
                String id = Objects.requireNonNull(replaced.providerSubscriptionId());
                UUID request = UUID.nameUUIDFromBytes(("superseded " + id).getBytes(StandardCharsets.UTF_8));
                PaymentProvider provider = providers.named(Objects.requireNonNull(replaced.provider()));
                if (replaced.atPeriodEnd()) {
                    provider.cancelAtPeriodEnd(id, request);
                } else {
                    provider.cancelNow(id, request);
                }
                subscriptions.supersededIsCancelled(replaced);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "a replaced subscription of tenant %s is cancelled later", replaced.tenant());
            }
        }
    }
}
