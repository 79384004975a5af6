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
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanProblem;
import dev.parley.billing.plan.PlanService;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.billing.subscription.SubscriptionView;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
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
    private final Audit audit;

    PlanChangeService(
            Database database,
            PlanChangeRepository changes,
            SubscriptionService subscriptions,
            PlanService plans,
            CreditService credits,
            TenantClock clock,
            Audit audit) {
        this.database = database;
        this.changes = changes;
        this.subscriptions = subscriptions;
        this.plans = plans;
        this.credits = credits;
        this.clock = clock;
        this.audit = audit;
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
     * Stores the intent of a change that a provider has to make, with its audit entry, or finds the same one that still
     * waits for its answer. A 409 problem while another one waits, for its answer or for the period's end, and as for
     * {@link #quote}.
     */
    public PlanChange begin(Caller caller, String planCode) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            subscriptions.hold(handle, tenant);
            ChangeQuote quote = quote(handle, tenant, planCode);
            String pending = quote.subscription().pendingPlan();
            PlanChangeTiming timing =
                    quote.kind() == ChangeKind.UPGRADE ? PlanChangeTiming.NOW : PlanChangeTiming.PERIOD_END;
            Optional<PlanChange> same = sameWaiting(handle, timing, quote.to());
            if (same.isEmpty() && pending != null) {
                throw running(pending);
            }
            return same.orElseGet(
                    () -> insert(handle, caller, timing, quote.subscription(), quote.from(), quote.to(), quote.at()));
        });
    }

    /**
     * The same for the wish to take back what waits for the period's end; a 404 problem when nothing does, 409 while
     * another change waits for its answer.
     */
    public PlanChange beginWithdrawal(Caller caller) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            subscriptions.hold(handle, tenant);
            SubscriptionView current = subscriptions.get(handle);
            if (current.pendingPlan() == null) {
                throw new Problem(PlanChangeProblem.PLAN_CHANGE_NOT_FOUND);
            }
            Plan stays = plans.version(handle, current.plan(), current.planVersion());
            return sameWaiting(handle, PlanChangeTiming.WITHDRAWAL, stays)
                    .orElseGet(() -> insert(
                            handle,
                            caller,
                            PlanChangeTiming.WITHDRAWAL,
                            current,
                            stays,
                            stays,
                            within(clock.now(handle, tenant), current)));
        });
    }

    private Optional<PlanChange> sameWaiting(Handle handle, PlanChangeTiming timing, Plan to) {
        Optional<PlanChange> waiting = changes.unknown(handle);
        waiting.filter(change -> change.timing() != timing || !change.to().equals(PlanReference.of(to)))
                .ifPresent(other -> {
                    throw running(other.to().code());
                });
        return waiting;
    }

    private static Problem running(String plan) {
        return new Problem(PlanChangeProblem.PLAN_CHANGE_RUNNING)
                .header("Retry-After", "5")
                .with("plan", plan);
    }

    private PlanChange insert(
            Handle handle,
            Caller caller,
            PlanChangeTiming timing,
            SubscriptionView current,
            Plan from,
            Plan to,
            Instant at) {
        TenantId tenant = caller.tenant();
        PlanChange change = new PlanChange(
                Ids.next(),
                PlanChangeStatus.UNKNOWN,
                timing,
                Objects.requireNonNull(current.provider()),
                Objects.requireNonNull(current.providerSubscriptionId()),
                PlanReference.of(from),
                PlanReference.of(to),
                mostGranted(handle, current, from),
                at,
                current.currentPeriodStart(),
                current.currentPeriodEnd(),
                null);
        changes.insert(handle, tenant, change, to.price().currency(), caller.actor());
        String action = timing == PlanChangeTiming.WITHDRAWAL ? "subscription.change-withdraw" : "subscription.change";
        audit.record(
                handle,
                caller,
                tenant,
                new AuditEntry(action, "subscription", tenant.toString(), current, change, null));
        return change;
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
                change.timing() == PlanChangeTiming.NOW ? PlanChangeOrder.When.NOW : PlanChangeOrder.When.PERIOD_END,
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

    /**
     * Settles a change by what the provider last said, and returns whether it still has to be asked for. It has not when
     * it is made and only its charge is to come; one that cannot be made any more is ended: its period is over, the
     * subscription is no longer the tenant's, or the provider may have forgotten the idempotency key.
     */
    public boolean settle(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            subscriptions.hold(handle, tenant);
            PlanChange change = changes.find(handle, id).orElseThrow();
            if (change.status() != PlanChangeStatus.UNKNOWN) {
                return false;
            }
            SubscriptionView current = subscriptions.get(handle);
            if (!change.isOf(current) || current.status() == SubscriptionStatus.ENDED) {
                changes.end(handle, id, PlanChangeStatus.VOID);
                return false;
            }
            boolean over = change.timing() == PlanChangeTiming.NOW && isOver(handle, tenant, change);
            if (isMade(change, current)) {
                if (over) {
                    changes.end(handle, id, PlanChangeStatus.DONE);
                }
                return false;
            }
            if (over || changes.isOlderThanADay(handle, id)) {
                changes.end(handle, id, PlanChangeStatus.REFUSED);
                return false;
            }
            return true;
        });
    }

    /** Ends a change that the provider refused, unless it shows that it is made; returns whether it is not. */
    public boolean refused(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            subscriptions.hold(handle, tenant);
            PlanChange change = changes.find(handle, id).orElseThrow();
            if (change.status() == PlanChangeStatus.UNKNOWN && !isMade(change, subscriptions.get(handle))) {
                changes.end(handle, id, PlanChangeStatus.REFUSED);
                return true;
            }
            return change.status() == PlanChangeStatus.REFUSED || change.status() == PlanChangeStatus.VOID;
        });
    }

    /** Whether the provider has made a change that takes effect at once; the others end as soon as they are made. */
    private static boolean isMade(PlanChange change, SubscriptionView current) {
        return change.timing() == PlanChangeTiming.NOW
                && change.isOf(current)
                && change.to().equals(new PlanReference(current.plan(), current.planVersion()));
    }

    private boolean isOver(Handle handle, TenantId tenant, PlanChange change) {
        return !change.periodEnd().isAfter(clock.now(handle, tenant));
    }

    /** Claims up to 20 changes whose provider has to be asked. */
    public List<PendingChange> claimUnknown() {
        return database.acrossTenants(relay -> changes.claimUnknown(relay, 20));
    }

    /**
     * Settles what a provider's answer shows to be made: an upgrade once its charge is paid, which grants its credits
     * before the new plan is published; anything else when it is seen in an answer that is news. What is paid stays paid
     * in an old answer too.
     *
     * @param plan the plan version that the subscription is on by that answer
     * @param told the invoices that the provider told of
     * @param news whether no answer that was asked for later was noted yet
     */
    public void follow(
            Handle handle,
            TenantId tenant,
            ProviderSubscription from,
            Plan plan,
            List<ProviderInvoice> told,
            boolean news) {
        PlanReference running = PlanReference.of(plan);
        told.stream()
                .filter(invoice -> invoice.kind() == ProviderInvoice.Kind.CHANGE && invoice.isPaid())
                .forEach(invoice -> changes.chargedBy(handle, from.provider(), from.id(), running, invoice)
                        .filter(change -> change.isOf(subscriptions.get(handle)))
                        .ifPresent(change -> grant(handle, tenant, change, plan, invoice)));
        Optional<PlanChange> waiting = changes.unknown(handle).filter(change -> change.isOf(from));
        if (waiting.isEmpty() || !news) {
            return;
        }
        PlanChange change = waiting.get();
        boolean runs = change.to().equals(running);
        switch (change.timing()) {
            case NOW -> {
                if (runs && quoted(handle, change, plan) == 0) {
                    changes.end(handle, change.id(), PlanChangeStatus.DONE);
                }
            }
            case PERIOD_END -> {
                if (runs || change.to().equals(from.nextPlan())) {
                    changes.end(handle, change.id(), PlanChangeStatus.DONE);
                }
            }
            case WITHDRAWAL -> {
                if (from.nextPlan() == null) {
                    changes.end(handle, change.id(), runs ? PlanChangeStatus.DONE : PlanChangeStatus.REFUSED);
                }
            }
        }
    }

    private long quoted(Handle handle, PlanChange change, Plan to) {
        return Proration.charge(
                plans.version(handle, change.from().code(), change.from().version())
                        .price()
                        .amount(),
                to.price().amount(),
                change.periodStart(),
                change.periodEnd(),
                change.at());
    }

    private void grant(Handle handle, TenantId tenant, PlanChange change, Plan plan, ProviderInvoice invoice) {
        Plan old = plans.version(handle, change.from().code(), change.from().version());
        long granted = isOver(handle, tenant, change)
                ? 0
                : Proration.credits(
                        change.baseCredits(),
                        plan.credits(),
                        old.price().amount(),
                        plan.price().amount(),
                        invoice.withoutOverage().amount());
        changes.charged(handle, change.id(), invoice, granted);
        credits.grant(
                handle,
                tenant,
                CreditGrant.upgrade(
                        change.id(),
                        granted,
                        subscriptions.lotExpiry(change.periodEnd()),
                        new LotPayment(
                                change.provider(), invoice.id(), invoice.paymentId(), invoice.withoutOverage())));
    }

    /** The plan version that a period of a subscription was bought with: what it was before the period's upgrades. */
    public Plan boughtWith(Handle handle, ProviderSubscription from, Instant periodStart, Plan running) {
        return changes.firstUpgrade(handle, from.provider(), from.id(), periodStart)
                .map(change -> plans.version(
                        handle, change.from().code(), change.from().version()))
                .orElse(running);
    }

    /** The occasions of the credits that upgrades within a period brought. */
    public Set<String> upgradesOf(Handle handle, ProviderSubscription from, Instant periodStart) {
        return changes.upgrades(handle, from.provider(), from.id(), periodStart).stream()
                .map(change -> CreditGrant.upgradeKey(change.id()))
                .collect(Collectors.toSet());
    }
}
