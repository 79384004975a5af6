package dev.parley.billing.change;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanProblem;
import dev.parley.billing.plan.PlanService;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps changes of plan: the intent is stored before a provider is asked, and what it then says settles it. */
@ApplicationScoped
public class PlanChangeService {
    private final Database database;
    private final PlanChangeRepository changes;
    private final SubscriptionService subscriptions;
    private final PlanService plans;
    private final CreditService credits;
    private final TenantClock clock;

    PlanChangeService(
            Database database,
            PlanChangeRepository changes,
            SubscriptionService subscriptions,
            PlanService plans,
            CreditService credits,
            TenantClock clock) {
        this.database = database;
        this.changes = changes;
        this.subscriptions = subscriptions;
        this.plans = plans;
        this.credits = credits;
        this.clock = clock;
    }

    /**
     * What a change to the newest version of a plan would be; a 404 problem without a subscription, 422 for an unknown
     * plan, 409 when the subscription cannot be changed as it stands.
     */
    public ChangeQuote quote(TenantId tenant, String planCode) {
        return database.inTenant(tenant, handle -> quote(handle, tenant, planCode));
    }

    private ChangeQuote quote(Handle handle, TenantId tenant, String planCode) {
        SubscriptionView current = subscriptions.get(handle);
        Plan from = plans.version(handle, current.plan(), current.planVersion());
        Plan to = plans.newest(handle, planCode).orElseThrow(() -> new Problem(PlanProblem.PLAN_UNKNOWN)
                .with("errors", ProblemCompletion.error("/plan", "there is no such plan")));
        ChangeKind kind = ChangeKind.of(current.status(), current.provider(), current.cancelAtPeriodEnd(), from, to);
        if (kind == ChangeKind.UPGRADE
                && credits.isAnyPlanLotRefunded(handle, subscriptions.lotExpiry(current.currentPeriodEnd()))) {
            // The difference is the price of an upgrade only for who has paid for what is below it.
            throw new Problem(PlanChangeProblem.CHECKOUT_REQUIRED)
                    .detail("The running period was refunded: a dearer plan is bought through a checkout.")
                    .with("plan", to.code());
        }
        Instant at = within(clock.now(handle, tenant), current);
        long charge =
                switch (kind) {
                    case CHECKOUT -> to.price().amount();
                    case UPGRADE ->
                        Proration.charge(
                                from.price().amount(),
                                to.price().amount(),
                                current.currentPeriodStart(),
                                current.currentPeriodEnd(),
                                at);
                    case FREE, DOWNGRADE, END_PAYING -> 0;
                };
        return new ChangeQuote(
                kind, current, from, to, new Money(charge, to.price().currency()), at);
    }

    private static Instant within(Instant now, SubscriptionView current) {
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        Instant start = current.currentPeriodStart().truncatedTo(ChronoUnit.SECONDS);
        Instant lastSecond =
                current.currentPeriodEnd().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1);
        return second.isBefore(start) ? start : second.isAfter(lastSecond) ? lastSecond : second;
    }

    /**
     * Stores the intent of a change that a provider has to make, or finds the same one that still waits for its answer.
     * A 409 problem while another one waits, and as for {@link #quote}.
     */
    public PlanChange begin(Caller caller, String planCode) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            subscriptions.hold(handle, tenant);
            ChangeQuote quote = quote(handle, tenant, planCode);
            Optional<PlanChange> waiting = changes.unknown(handle);
            if (waiting.isPresent()) {
                if (waiting.get().to().equals(PlanReference.of(quote.to()))) {
                    return waiting.get();
                }
                throw new Problem(PlanChangeProblem.PLAN_CHANGE_RUNNING)
                        .header("Retry-After", "5")
                        .with("plan", waiting.get().to().code());
            }
            SubscriptionView current = quote.subscription();
            String provider = Objects.requireNonNull(current.provider());
            String subscription = Objects.requireNonNull(current.providerSubscriptionId());
            PlanChange change = new PlanChange(
                    Ids.next(),
                    PlanChangeStatus.UNKNOWN,
                    quote.kind() == ChangeKind.UPGRADE,
                    provider,
                    subscription,
                    PlanReference.of(quote.from()),
                    PlanReference.of(quote.to()),
                    mostGranted(handle, current, quote.from()),
                    quote.at(),
                    current.currentPeriodStart(),
                    current.currentPeriodEnd(),
                    null);
            changes.insert(handle, tenant, change, quote.to().price().currency(), caller.actor());
            return change;
        });
    }

    /** The most credits that a plan of the running period has: what an upgrade grants is above it. */
    private long mostGranted(Handle handle, SubscriptionView current, Plan from) {
        List<PlanChange> before = changes.upgrades(
                handle,
                Objects.requireNonNull(current.provider()),
                Objects.requireNonNull(current.providerSubscriptionId()),
                current.currentPeriodStart());
        return before.stream()
                .flatMap(change -> Stream.of(change.from(), change.to()))
                .mapToLong(plan ->
                        plans.version(handle, plan.code(), plan.version()).credits())
                .reduce(from.credits(), Math::max);
    }

    /** Puts the tenant on a plan of price 0 at once, and returns the subscription's version. */
    public long activateFree(Caller caller, Plan free) {
        return database.inTenant(caller.tenant(), handle -> subscriptions.activateFree(handle, caller, free));
    }

    /** Notes the free plan that follows when the paid period ends, or with null that none does. */
    public void followedBy(TenantId tenant, @Nullable Plan free) {
        database.useTenant(tenant, handle -> subscriptions.followedBy(handle, tenant, free));
    }

    /** The plan version that the tenant is on. */
    public Plan current(TenantId tenant) {
        return database.inTenant(tenant, handle -> {
            SubscriptionView current = subscriptions.get(handle);
            return plans.version(handle, current.plan(), current.planVersion());
        });
    }

    /** The order to place at the provider; the same each time, so that its idempotency key always fits. */
    public PlanChangeOrder order(PlanChange change) {
        return database.global(handle -> new PlanChangeOrder(
                change.id(),
                change.providerSubscriptionId(),
                plans.version(handle, change.from().code(), change.from().version()),
                plans.version(handle, change.to().code(), change.to().version()),
                change.now() ? PlanChangeOrder.When.NOW : PlanChangeOrder.When.PERIOD_END,
                change.at()));
    }

    /** A change by its id. */
    public Optional<PlanChange> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> changes.find(handle, id));
    }

    /** The change that waits for its provider's answer. */
    public Optional<PlanChange> unknown(TenantId tenant) {
        return database.inTenant(tenant, changes::unknown);
    }

    /** Ends a change that the provider did not make. */
    public void end(TenantId tenant, UUID id, PlanChangeStatus status) {
        database.useTenant(tenant, handle -> changes.end(handle, id, status, null, null));
    }

    /** Whether a provider may have forgotten the idempotency key: asking again could charge a second time. */
    public boolean isTooOldToAsk(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> changes.isOlderThanADay(handle, id));
    }

    /** Claims up to 20 changes whose provider has to be asked. */
    public List<PendingChange> claimUnknown() {
        return database.acrossTenants(relay -> changes.claimUnknown(relay, 20));
    }

    /**
     * Settles the change that waits when a provider's answer shows that it was made: an upgrade's credits are granted
     * once its charge is paid, and before the new plan is published.
     */
    public void follow(Handle handle, TenantId tenant, ProviderSubscription from) {
        Optional<PlanChange> waiting = changes.unknown(handle)
                .filter(change -> change.provider().equals(from.provider())
                        && change.providerSubscriptionId().equals(from.id()));
        if (waiting.isEmpty()) {
            return;
        }
        PlanChange change = waiting.get();
        if (!change.now()) {
            if (change.to().equals(from.nextPlan()) || change.to().equals(from.plan())) {
                changes.end(handle, change.id(), PlanChangeStatus.DONE, 0L, 0L);
            }
        } else if (change.to().equals(from.plan())) {
            charged(handle, tenant, change, from.latestInvoice());
        }
    }

    private void charged(Handle handle, TenantId tenant, PlanChange change, @Nullable ProviderInvoice invoice) {
        boolean isCharge = invoice != null && invoice.kind() == ProviderInvoice.Kind.CHANGE;
        if (isCharge && !invoice.isPaid()) {
            return; // the credits wait for the money
        }
        long charged = isCharge ? Math.max(0, invoice.withoutOverage().amount()) : 0;
        Plan old = plans.version(handle, change.from().code(), change.from().version());
        Plan plan = plans.version(handle, change.to().code(), change.to().version());
        boolean over = !change.periodEnd().isAfter(clock.now(handle, tenant));
        long granted = over
                ? 0
                : Proration.credits(
                        change.baseCredits(),
                        plan.credits(),
                        old.price().amount(),
                        plan.price().amount(),
                        charged);
        if (changes.end(handle, change.id(), PlanChangeStatus.DONE, charged, granted) && granted > 0) {
            LotPayment paid = new LotPayment(
                    change.provider(),
                    Objects.requireNonNull(invoice).id(),
                    invoice.paymentId(),
                    invoice.withoutOverage());
            credits.grant(
                    handle,
                    tenant,
                    CreditGrant.upgrade(change.id(), granted, subscriptions.lotExpiry(change.periodEnd()), paid));
        }
    }
}
