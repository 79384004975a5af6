package dev.parley.billing.lifecycle;

import dev.parley.billing.change.ChangeKind;
import dev.parley.billing.change.ChangeQuote;
import dev.parley.billing.change.PendingChange;
import dev.parley.billing.change.PlanChange;
import dev.parley.billing.change.PlanChangeProblem;
import dev.parley.billing.change.PlanChangeService;
import dev.parley.billing.change.PlanChangeStatus;
import dev.parley.billing.change.PlanChangeTiming;
import dev.parley.billing.checkout.CheckoutFlow;
import dev.parley.billing.money.Money;
import dev.parley.billing.outbound.PolicyClient;
import dev.parley.billing.payment.PaymentDeclined;
import dev.parley.billing.payment.PaymentProblem;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.payment.PaymentUncertain;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.id.Ids;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Changes plans: look at the provider, intent, provider, and what it then says, as a checkout does. Whatever is done to
 * the plan of a paid subscription goes this way, so one thing at a time is done to it; what nobody answered is asked about
 * again.
 */
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
        Optional<PlanChange> waiting = changes.unknown(tenant);
        ProviderSubscription said = look(subscriptions.get(tenant));
        if (waiting.isPresent()) {
            changes.settle(tenant, waiting.get().id());
            // The same request came before, and whoever worked on it died before the provider's answer was noted.
            PlanChange then = changes.find(tenant, waiting.get().id()).orElseThrow();
            if (then.status() == PlanChangeStatus.DONE
                    && then.timing() != PlanChangeTiming.WITHDRAWAL
                    && then.to().code().equals(request.plan())) {
                return answer(tenant, then);
            }
        }
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
            case UPGRADE, DOWNGRADE -> atProvider(caller, quote, said);
            case END_PAYING -> endPaying(caller, quote);
        };
    }

    /** Makes our state what the provider says now, and returns that; null when none keeps the subscription. */
    private @Nullable ProviderSubscription look(SubscriptionView subscription) {
        if (subscription.provider() == null || subscription.status() == SubscriptionStatus.ENDED) {
            return null;
        }
        return told(() -> states.look(provider(subscription), subscriptionId(subscription)))
                .orElse(null);
    }

    private ChangeResponse atProvider(Caller caller, ChangeQuote quote, @Nullable ProviderSubscription said) {
        if (!isPaid(said, quote.kind())) {
            throw new Problem(PlanChangeProblem.SUBSCRIPTION_UNPAID)
                    .detail("The provider has not been paid for the running period.");
        }
        if (quote.subscription().pendingPlan() != null) {
            make(caller.tenant(), changes.beginWithdrawal(caller));
        }
        PlanChange change = changes.begin(caller, quote.to().code());
        make(caller.tenant(), change);
        return answer(
                caller.tenant(), changes.find(caller.tenant(), change.id()).orElseThrow());
    }

    /** A dearer plan costs the difference only for who has paid for what is below it, to the last invoice. */
    private static boolean isPaid(@Nullable ProviderSubscription said, ChangeKind kind) {
        if (said == null || said.status() != SubscriptionStatus.ACTIVE) {
            return false;
        }
        ProviderInvoice latest = said.latestInvoice();
        return kind != ChangeKind.UPGRADE || latest == null || latest.isPaid();
    }

    private ChangeResponse answer(TenantId tenant, PlanChange change) {
        SubscriptionView after = subscriptions.get(tenant);
        boolean now = change.timing() == PlanChangeTiming.NOW;
        return ChangeResponse.of(after, now ? ChangeKind.UPGRADE : ChangeKind.DOWNGRADE, change.charged(), null);
    }

    /** Makes a change; a problem when the provider refuses it, or does not answer. */
    private void make(TenantId tenant, PlanChange change) {
        PaymentRefused refused;
        try {
            refused = ask(tenant, change);
        } catch (PaymentUncertain uncertain) {
            throw new Problem(PaymentProblem.PAYMENT_PROVIDER_UNREACHABLE, uncertain)
                    .detail("Whether the plan was changed is found out; asking for it again changes it once.")
                    .header("Retry-After", "5");
        }
        if (refused != null) {
            throw new Problem(
                            refused instanceof PaymentDeclined
                                    ? PaymentProblem.PAYMENT_DECLINED
                                    : PaymentProblem.PAYMENT_PROVIDER_REFUSED,
                            refused)
                    .detail("Nothing was charged, and the plan is the same as before.");
        }
    }

    /** Asks for a change and follows what has come of it; returns why it was refused when it is not made. */
    private @Nullable PaymentRefused ask(TenantId tenant, PlanChange change) {
        PaymentProvider provider = providers.named(change.provider());
        PlanChangeOrder order = changes.order(change);
        PaymentRefused refused = null;
        try {
            if (change.timing() == PlanChangeTiming.WITHDRAWAL) {
                provider.withdrawChange(order.subscriptionId(), order.to(), order.changeId());
            } else {
                provider.changePlan(order);
            }
        } catch (PaymentRefused no) {
            LOG.infof("change %s was refused: %s", change.id(), no.getMessage());
            refused = no;
        }
        states.followSubscription(provider, order.subscriptionId());
        return refused != null && changes.refused(tenant, change.id()) ? refused : null;
    }

    private ChangeResponse endPaying(Caller caller, ChangeQuote quote) {
        SubscriptionView before = quote.subscription();
        PaymentProvider provider = provider(before);
        if (before.pendingPlan() != null && !before.cancelAtPeriodEnd()) {
            make(caller.tenant(), changes.beginWithdrawal(caller));
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
        TenantId tenant = caller.tenant();
        look(subscriptions.get(tenant));
        SubscriptionView before = subscriptions.get(tenant);
        if (before.cancelAtPeriodEnd() && before.pendingPlan() != null) {
            PaymentProvider provider = provider(before);
            told(() -> {
                provider.resume(subscriptionId(before), Operation.id());
                return states.followSubscription(provider, subscriptionId(before));
            });
            SubscriptionView after = subscriptions.recordChange(caller, "subscription.change-withdraw", before);
            if (after.pendingPlan() == null) {
                return after;
            }
        }
        make(tenant, changes.beginWithdrawal(caller));
        return subscriptions.get(tenant);
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
        states.followSubscription(providers.named(change.provider()), change.providerSubscriptionId());
        if (changes.settle(tenant, change.id())) {
            ask(tenant, change);
        }
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
