package dev.parley.billing.lifecycle;

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
                if (due.provider() == null) {
                    subscriptions.timePassed(due.tenant());
                } else {
                    states.followSubscription(
                            providers.named(due.provider()), Objects.requireNonNull(due.providerSubscriptionId()));
                }
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the subscription of tenant %s is looked at again later", due.tenant());
            }
        }
    }

    void sweepSuperseded() {
        for (DueSubscription replaced : subscriptions.claimSuperseded()) {
            try {
                String id = Objects.requireNonNull(replaced.providerSubscriptionId());
                UUID request = UUID.nameUUIDFromBytes(("superseded " + id).getBytes(StandardCharsets.UTF_8));
                providers.named(Objects.requireNonNull(replaced.provider())).cancelNow(id, request);
                subscriptions.supersededIsCancelled(replaced);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "a replaced subscription of tenant %s is cancelled later", replaced.tenant());
            }
        }
    }
}
