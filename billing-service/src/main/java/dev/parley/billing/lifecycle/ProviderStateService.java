package dev.parley.billing.lifecycle;

import dev.parley.billing.change.PlanChangeService;
import dev.parley.billing.checkout.Checkout;
import dev.parley.billing.checkout.CheckoutService;
import dev.parley.billing.invoice.InvoiceService;
import dev.parley.billing.overage.OverageService;
import dev.parley.billing.payment.CheckoutReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanService;
import dev.parley.billing.subscription.PaidPeriod;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Writes down what a provider said, in one transaction: plan changes, invoices, subscription, credits. */
@ApplicationScoped
class ProviderStateService {
    private final Database database;
    private final CheckoutService checkouts;
    private final InvoiceService invoices;
    private final PlanService plans;
    private final PlanChangeService changes;
    private final OverageService overages;
    private final SubscriptionService subscriptions;

    ProviderStateService(
            Database database,
            CheckoutService checkouts,
            InvoiceService invoices,
            PlanService plans,
            PlanChangeService changes,
            OverageService overages,
            SubscriptionService subscriptions) {
        this.database = database;
        this.checkouts = checkouts;
        this.invoices = invoices;
        this.plans = plans;
        this.changes = changes;
        this.overages = overages;
        this.subscriptions = subscriptions;
    }

    /** What a provider said of a subscription, and when it was asked. */
    record Answer(
            ProviderSubscription subscription,
            long ticket,
            @Nullable ProviderInvoice invoice) {

        /** The invoices that it told of: the one that was asked for and the newest, each once. */
        List<ProviderInvoice> told() {
            Map<String, ProviderInvoice> told = new LinkedHashMap<>();
            Stream.of(Optional.ofNullable(invoice), Optional.ofNullable(subscription.latestInvoice()))
                    .flatMap(Optional::stream)
                    .forEach(each -> told.put(each.id(), each));
            return List.copyOf(told.values());
        }
    }

    /** Returns false when the subscription is not one of ours: its checkout is not known to that tenant. */
    boolean apply(TenantId tenant, @Nullable CheckoutReference reference, Answer answer) {
        return database.inTenant(tenant, handle -> {
            Optional<Checkout> checkout =
                    reference == null ? Optional.empty() : checkouts.find(handle, reference.checkoutId());
            ProviderSubscription from = checkout.map(Checkout::firstChargeAt).isPresent()
                    ? answer.subscription().asPaidElsewhere()
                    : answer.subscription();
            Optional<Plan> known = reference == null
                    ? subscriptions.planOf(handle, from)
                    : checkout.map(Checkout::plan).map(plan -> plans.version(handle, plan.code(), plan.version()));
            if (known.isEmpty()) {
                return false;
            }
            // The provider's object names the plan only after a change; before, it is what was bought.
            Plan plan = from.plan() == null
                    ? known.get()
                    : plans.version(handle, from.plan().code(), from.plan().version());
            List<ProviderInvoice> told = answer.told();
            subscriptions.hold(handle, tenant);
            boolean news = subscriptions.isNews(handle, tenant, from, answer.ticket());
            told.forEach(invoice -> invoices.store(
                    handle, tenant, from.provider(), invoice, bought(handle, from, invoice, plan), answer.ticket()));
            // Before the period's own credits, so that what was paid for pays the debt.
            told.forEach(invoice -> overages.follow(handle, tenant, invoice));
            changes.follow(handle, tenant, from, plan, told, news);
            List<PaidPeriod> paid = told.stream()
                    .filter(invoice -> invoice.kind() == ProviderInvoice.Kind.PERIOD
                            && invoice.isPaid()
                            && invoice.withoutOverage().amount() > 0)
                    .map(invoice -> new PaidPeriod(
                            invoice,
                            bought(handle, from, invoice, plan),
                            changes.upgradesOf(handle, from, invoice.periodStart())))
                    .toList();
            subscriptions.follow(handle, tenant, from, plan, paid, news);
            return true;
        });
    }

    private Plan bought(Handle handle, ProviderSubscription from, ProviderInvoice invoice, Plan running) {
        return invoice.kind() == ProviderInvoice.Kind.PERIOD
                ? changes.boughtWith(handle, from, invoice.periodStart(), running)
                : running;
    }

    /** Notes how far a checkout is, and grants what a paid pack brings; false when it is not one of ours. */
    boolean note(CheckoutReference reference, ProviderCheckout checkout) {
        return database.inTenant(
                reference.tenant(),
                handle -> checkouts.follow(handle, reference.tenant(), reference.checkoutId(), checkout));
    }
}
