package dev.parley.billing.lifecycle;

import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.subscription.SubscriptionProblem;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;

/** Cancels and resumes: first at the provider, then by what it says, so that both always agree. */
@ApplicationScoped
class CancellationFlow {
    private final SubscriptionService subscriptions;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;

    CancellationFlow(SubscriptionService subscriptions, PaymentProviders providers, ProviderStateFlow states) {
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.states = states;
    }

    SubscriptionView cancel(Caller caller, boolean now) {
        SubscriptionView current = running(caller.tenant());
        if (current.provider() == null) {
            return now
                    ? subscriptions.endNow(caller.tenant(), caller)
                    : subscriptions.endWithPeriod(caller.tenant(), caller, true);
        }
        return atProvider(caller, current, "subscription.cancel", (provider, id, request) -> {
            if (now) {
                provider.cancelNow(id, request);
            } else {
                provider.cancelAtPeriodEnd(id, request);
            }
        });
    }

    SubscriptionView resume(Caller caller) {
        SubscriptionView current = running(caller.tenant());
        return current.provider() == null
                ? subscriptions.endWithPeriod(caller.tenant(), caller, false)
                : atProvider(caller, current, "subscription.resume", PaymentProvider::resume);
    }

    private SubscriptionView running(TenantId tenant) {
        SubscriptionView current = subscriptions.get(tenant);
        if (current.status() == SubscriptionStatus.ENDED) {
            throw new Problem(SubscriptionProblem.SUBSCRIPTION_ENDED);
        }
        return current;
    }

    private interface Change {
        void ask(PaymentProvider provider, String subscriptionId, UUID request);
    }

    private SubscriptionView atProvider(Caller caller, SubscriptionView current, String action, Change change) {
        PaymentProvider provider = providers.named(Objects.requireNonNull(current.provider()));
        String id = Objects.requireNonNull(current.providerSubscriptionId());
        try {
            change.ask(provider, id, Operation.id());
            states.followSubscription(provider, id);
        } catch (PaymentRefused refused) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED, refused);
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain).header("Retry-After", "5");
        }
        return subscriptions.recordChange(caller, action, current);
    }
}
