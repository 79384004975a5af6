package dev.parley.billing.lifecycle;

import dev.parley.billing.change.ChangeKind;
import dev.parley.billing.change.ChangeQuote;
import dev.parley.billing.change.PendingChange;
import dev.parley.billing.change.PlanChange;
import dev.parley.billing.change.PlanChangeProblem;
import dev.parley.billing.change.PlanChangeService;
import dev.parley.billing.change.PlanChangeStatus;
import dev.parley.billing.checkout.CheckoutFlow;
import dev.parley.billing.money.Money;
import dev.parley.billing.outbound.PolicyClient;
import dev.parley.billing.payment.PaymentDeclined;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Changes plans: intent, provider, answer, as a checkout does; what nobody answered is asked about again. */
@ApplicationScoped
class PlanChangeFlow {
    private static final Logger LOG = Logger.getLogger(PlanChangeFlow.class);

    private final PlanChangeService changes;
    private final SubscriptionService subscriptions;
    private final PaymentProviders providers;
    private final ProviderStateFlow states;
    private final CheckoutFlow checkouts;
    private final PolicyClient policy;
    private final String returnUrl;

    PlanChangeFlow(
            PlanChangeService changes,
            SubscriptionService subscriptions,
            PaymentProviders providers,
            ProviderStateFlow states,
            CheckoutFlow checkouts,
            PolicyClient policy,
            LifecycleConfig config) {
        this.changes = changes;
        this.subscriptions = subscriptions;
        this.providers = providers;
        this.states = states;
        this.checkouts = checkouts;
        this.policy = policy;
        this.returnUrl = config.publicUrl() + "/console/billing";
    }

    ChangeResponse preview(TenantId tenant, ChangeRequest request) {
        ChangeQuote quote = changes.quote(tenant, request.plan());
        // While a cheaper plan waits, the provider would measure from that one's price.
        boolean asks =
                quote.kind() == ChangeKind.UPGRADE && quote.subscription().pendingPlan() == null;
        Money charge = asks
                ? told(() -> provider(quote.subscription()).previewChange(quote.order(Ids.next())))
                : quote.charge();
        return ChangeResponse.of(quote.subscription(), quote.kind(), charge, null);
    }

    ChangeResponse change(Caller caller, ChangeRequest request) {
        TenantId tenant = caller.tenant();
        ChangeQuote quote = changes.quote(tenant, request.plan());
        return switch (quote.kind()) {
            case FREE -> {
                policy.awaitVersion(tenant, changes.activateFree(caller, quote.to()));
                yield ChangeResponse.of(subscriptions.get(tenant), quote.kind(), null, null);
            }
            case CHECKOUT -> {
                String url = checkouts.startPlan(quote.to().code(), request.providerOrDefault(), returnUrl, caller);
                yield ChangeResponse.of(quote.subscription(), quote.kind(), quote.charge(), url);
            }
            case UPGRADE, DOWNGRADE -> atProvider(caller, quote);
            case END_PAYING -> endPaying(caller, quote);
        };
    }

    private ChangeResponse atProvider(Caller caller, ChangeQuote quote) {
        TenantId tenant = caller.tenant();
        SubscriptionView before = quote.subscription();
        PaymentProvider provider = provider(before);
        Optional<PlanChange> waiting = changes.unknown(tenant);
        // What the period itself brought is granted before what a change adds to it.
        told(() -> states.followSubscription(provider, subscriptionId(before)));
        // The same request came before, and whoever worked on it died before the provider's answer was noted.
        Optional<PlanChange> made = waiting.flatMap(change -> changes.find(tenant, change.id()))
                .filter(change ->
                        change.status() == PlanChangeStatus.DONE && change.to().equals(PlanReference.of(quote.to())));
        if (made.isPresent()) {
            return answer(caller, quote, made.get().id());
        }
        boolean paid = told(() -> provider.fetchSubscription(subscriptionId(before))
                .map(now -> now.status() == SubscriptionStatus.ACTIVE)
                .orElse(false));
        if (!paid) {
            throw new Problem(PlanChangeProblem.SUBSCRIPTION_UNPAID)
                    .detail("The provider has not been paid for the running period.");
        }
        if (before.pendingPlan() != null) {
            withdraw(provider, before, quote.from());
        }
        PlanChange change = changes.begin(caller, quote.to().code());
        ask(provider, tenant, change);
        told(() -> states.followSubscription(provider, change.providerSubscriptionId()));
        return answer(caller, quote, change.id());
    }

    private ChangeResponse answer(Caller caller, ChangeQuote quote, UUID changeId) {
        SubscriptionView after = subscriptions.recordChange(caller, "subscription.change", quote.subscription());
        Long charged =
                changes.find(caller.tenant(), changeId).map(PlanChange::charged).orElse(null);
        Money charge =
                charged == null ? null : new Money(charged, quote.to().price().currency());
        return ChangeResponse.of(after, quote.kind(), charge, null);
    }

    private void ask(PaymentProvider provider, TenantId tenant, PlanChange change) {
        try {
            provider.changePlan(changes.order(change));
        } catch (PaymentRefused refused) {
            LOG.infof("change %s was refused: %s", change.id(), refused.getMessage());
            changes.end(tenant, change.id(), PlanChangeStatus.REFUSED);
            throw new Problem(
                            refused instanceof PaymentDeclined
                                    ? PaymentProblem.PAYMENT_DECLINED
                                    : PaymentProblem.PAYMENT_PROVIDER_REFUSED,
                            refused)
                    .detail("Nothing was charged, and the plan is the same as before.");
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain)
                    .detail("Whether the plan was changed is found out; asking for it again changes it once.")
                    .header("Retry-After", "5");
        }
    }

    private ChangeResponse endPaying(Caller caller, ChangeQuote quote) {
        SubscriptionView before = quote.subscription();
        PaymentProvider provider = provider(before);
        if (before.pendingPlan() != null && !before.cancelAtPeriodEnd()) {
            withdraw(provider, before, quote.from());
        }
        told(() -> {
            provider.cancelAtPeriodEnd(subscriptionId(before), Operation.id());
            return states.followSubscription(provider, subscriptionId(before));
        });
        changes.followedBy(caller.tenant(), quote.to());
        return ChangeResponse.of(
                subscriptions.recordChange(caller, "subscription.change", before), quote.kind(), null, null);
    }

    /** Takes the change back that waits for the period's end; a 404 problem when none does. */
    SubscriptionView takeBack(Caller caller) {
        SubscriptionView before = subscriptions.get(caller.tenant());
        if (before.pendingPlan() == null) {
            throw new Problem(PlanChangeProblem.PLAN_CHANGE_NOT_FOUND);
        }
        PaymentProvider provider = provider(before);
        if (before.cancelAtPeriodEnd()) {
            told(() -> {
                provider.resume(subscriptionId(before), Operation.id());
                return states.followSubscription(provider, subscriptionId(before));
            });
        }
        if (subscriptions.get(caller.tenant()).pendingPlan() != null) {
            withdraw(provider, before, changes.current(caller.tenant()));
        }
        return subscriptions.recordChange(caller, "subscription.change-withdraw", before);
    }

    private void withdraw(PaymentProvider provider, SubscriptionView subscription, Plan current) {
        told(() -> {
            // A request may withdraw and cancel or resume: each is a wish of its own.
            UUID wish = UUID.nameUUIDFromBytes(("withdraw " + Operation.id()).getBytes(StandardCharsets.UTF_8));
            provider.withdrawChange(subscriptionId(subscription), current, wish);
            return states.followSubscription(provider, subscriptionId(subscription));
        });
    }

    /** Asks about changes that have no answer. */
    void sweep() {
        for (PendingChange pending : changes.claimUnknown()) {
            try {
                settle(pending);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "plan change %s is asked about again later", pending.id());
            }
        }
    }

    private void settle(PendingChange pending) {
        TenantId tenant = pending.tenant();
        PlanChange change = changes.find(tenant, pending.id()).orElseThrow();
        if (!change.providerSubscriptionId().equals(subscriptions.get(tenant).providerSubscriptionId())) {
            changes.end(tenant, change.id(), PlanChangeStatus.VOID);
            return;
        }
        PaymentProvider provider = providers.named(change.provider());
        states.followSubscription(provider, change.providerSubscriptionId());
        if (changes.unknown(tenant).isEmpty()) {
            return;
        }
        if (changes.isTooOldToAsk(tenant, change.id())) {
            changes.end(tenant, change.id(), PlanChangeStatus.REFUSED);
            return;
        }
        try {
            provider.changePlan(changes.order(change));
        } catch (PaymentRefused refused) {
            LOG.infof("change %s was refused: %s", change.id(), refused.getMessage());
            changes.end(tenant, change.id(), PlanChangeStatus.REFUSED);
            return;
        }
        states.followSubscription(provider, change.providerSubscriptionId());
    }

    private PaymentProvider provider(SubscriptionView subscription) {
        return providers.named(Objects.requireNonNull(subscription.provider()));
    }

    private static String subscriptionId(SubscriptionView subscription) {
        return Objects.requireNonNull(subscription.providerSubscriptionId());
    }

    private static <T extends @Nullable Object> T told(Supplier<T> call) {
        try {
            return call.get();
        } catch (PaymentRefused refused) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_REFUSED, refused);
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain).header("Retry-After", "5");
        }
    }
}
