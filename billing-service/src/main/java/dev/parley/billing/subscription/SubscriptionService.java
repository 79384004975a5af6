package dev.parley.billing.subscription;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.dunning.DunningService;
import dev.parley.billing.dunning.OverduePayment;
import dev.parley.billing.overage.OveragePayer;
import dev.parley.billing.overage.OverageService;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanService;
import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Sweep;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Changes tenants' subscriptions, one change at a time per tenant. Each change is published whole, in the transaction
 * that makes it, after the credits that it grants or ends: who sees a version sees its credits.
 */
@ApplicationScoped
public class SubscriptionService {
    private static final Caller BILLING =
            new Caller(null, "service:billing-service", "service", Set.of(Caller.SERVICE), Set.of());

    private final Database database;
    private final SubscriptionRepository subscriptions;
    private final PlanService plans;
    private final CreditService credits;
    private final Outbox outbox;
    private final Audit audit;
    private final SubscriptionConfig config;
    private final DunningService dunning;
    private final OverageService overages;
    private final TenantClock clock;

    SubscriptionService(
            Database database,
            SubscriptionRepository subscriptions,
            PlanService plans,
            CreditService credits,
            Outbox outbox,
            Audit audit,
            SubscriptionConfig config,
            DunningService dunning,
            OverageService overages,
            TenantClock clock) {
        this.database = database;
        this.subscriptions = subscriptions;
        this.plans = plans;
        this.credits = credits;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
        this.dunning = dunning;
        this.overages = overages;
        this.clock = clock;
    }

    /** The tenant's subscription; a 404 problem when it has none. */
    public SubscriptionView get(TenantId tenant) {
        return database.inTenant(tenant, subscriptions::find)
                .map(SubscriptionView::from)
                .orElseThrow(() -> new Problem(SubscriptionProblem.SUBSCRIPTION_NOT_FOUND));
    }

    /** As {@link #get(TenantId)}, in the caller's transaction. */
    public SubscriptionView get(Handle handle) {
        return subscriptions
                .find(handle)
                .map(SubscriptionView::from)
                .orElseThrow(() -> new Problem(SubscriptionProblem.SUBSCRIPTION_NOT_FOUND));
    }

    /** Holds the tenant's subscription until the transaction ends: nobody else changes it meanwhile. */
    public void hold(Handle handle, TenantId tenant) {
        subscriptions.lock(handle, tenant);
    }

    /** A 409 problem when the subscription has ended, 404 when there is none. */
    public void requireRunning(Handle handle) {
        if (get(handle).status() == SubscriptionStatus.ENDED) {
            throw new Problem(SubscriptionProblem.SUBSCRIPTION_ENDED);
        }
    }

    /** The customer that the running subscription has at a provider. */
    public Optional<String> customerAt(Handle handle, String provider) {
        return subscriptions
                .find(handle)
                .filter(current -> current.isChargedByProvider() && provider.equals(current.provider()))
                .map(Subscription::providerCustomerId);
    }

    /**
     * When what is unspent of a paid lot ends: after the grace, so that it can be used while a renewal's payment is
     * overdue. A renewal that is paid closes it before.
     */
    public Instant lotExpiry(Instant periodEnd) {
        Duration longest = config.grace().compareTo(config.renewalGrace()) > 0 ? config.grace() : config.renewalGrace();
        return periodEnd.plus(longest);
    }

    /** The handle's tenant's subscription, if it has one. */
    public Optional<SubscriptionView> find(Handle handle) {
        return subscriptions.find(handle).map(SubscriptionView::from);
    }

    /** The same for platform staff, with an audit entry that holds the reason. */
    SubscriptionView inspect(TenantId tenant, Caller admin, AccessReason why) {
        return database.inTenant(tenant, handle -> {
                    audit.record(
                            handle,
                            admin,
                            tenant,
                            AuditEntry.look("subscription.read", "subscription", tenant.toString(), why));
                    return subscriptions.find(handle).map(SubscriptionView::from);
                })
                .orElseThrow(() -> new Problem(SubscriptionProblem.SUBSCRIPTION_NOT_FOUND));
    }

    /**
     * Starts the trial of a new tenant, once; while the trial's plan does not exist the tenant is remembered.
     */
    public void startTrial(Handle handle, TenantId tenant) {
        Optional<Subscription> current = subscriptions.lock(handle, tenant);
        Optional<Plan> plan = plans.newest(handle, config.trialPlan());
        if (current.isEmpty() && plan.isEmpty()) {
            subscriptions.requestTrial(handle, tenant);
            return;
        }
        subscriptions.trialIsStarted(handle);
        if (current.isEmpty()) {
            int days = plan.get().trialDays() > 0 ? plan.get().trialDays() : config.trialDays();
            Subscription trial = Subscription.trial(plan.get(), clock.now(handle, tenant), days);
            credits.grant(handle, tenant, CreditGrant.trial(plan.get().credits(), trial.periodEnd()));
            save(handle, tenant, trial, plan.get(), "trial-started");
            record(handle, tenant, BILLING, "subscription.start", null, trial, "trial-started");
        }
    }

    /** Starts the trials that waited for their plan, one tenant at a time. */
    public void startWaitingTrials() {
        List<TenantId> waiting = database.acrossTenants(relay -> subscriptions.claimTrialRequests(relay, 100));
        waiting.forEach(tenant -> database.useTenant(tenant, handle -> startTrial(handle, tenant)));
    }

    /**
     * Puts the tenant on a plan of price 0 at once and returns the subscription's version. Its credits are granted once
     * per plan and calendar month (or year), however often it is chosen. A 409 problem while a paid one runs.
     */
    public long activateFree(Handle handle, Caller caller, Plan plan) {
        TenantId tenant = caller.tenant();
        Subscription current = subscriptions.lock(handle, tenant).orElse(null);
        if (current != null && current.isChargedByProvider()) {
            throw new Problem(SubscriptionProblem.SUBSCRIPTION_PAID)
                    .detail("Cancel the paid subscription first; the free plan can follow it.");
        }
        Subscription next = Subscription.free(current, plan, clock.now(handle, tenant));
        if (next.saysTheSameAs(current)) {
            return Objects.requireNonNull(current).version();
        }
        if (current != null && current.endsPeriodBefore(next)) {
            freezeOverage(handle, tenant, current, null);
        }
        grantFreePeriod(handle, tenant, next, plan);
        save(handle, tenant, next, plan, "free-plan-chosen");
        record(handle, tenant, caller, "subscription.change", current, next, null);
        return next.version();
    }

    private void grantFreePeriod(Handle handle, TenantId tenant, Subscription subscription, Plan plan) {
        String key = freeGrantKey(plan, subscription.periodStart());
        credits.closePlanLots(handle, tenant, Set.of(key), "plan-changed");
        credits.grant(
                handle,
                tenant,
                new CreditGrant(
                        CreditSource.PLAN, key, plan.credits(), subscription.periodEnd(), null, "billing-service"));
    }

    private static String freeGrantKey(Plan plan, Instant periodStart) {
        LocalDate start = LocalDate.ofInstant(periodStart, ZoneOffset.UTC);
        String period = plan.interval() == BillingInterval.YEAR
                ? String.valueOf(start.getYear())
                : "%d-%02d".formatted(start.getYear(), start.getMonthValue());
        return "free:" + plan.code() + ":" + period;
    }

    /** A number to take before a provider is asked: what was asked for later wins over what was asked for earlier. */
    public long fetchTicket() {
        return database.global(subscriptions::nextTicket);
    }

    /** The tenant whose current subscription this is at a provider. */
    public Optional<TenantId> tenantOf(String provider, String providerSubscriptionId) {
        return database.acrossTenants(relay -> subscriptions.tenantOf(relay, provider, providerSubscriptionId));
    }

    /** The plan version that the tenant's current subscription is on, if it is that provider's subscription. */
    public Optional<Plan> planOf(Handle handle, ProviderSubscription of) {
        return subscriptions
                .find(handle)
                .filter(current -> current.isOf(of))
                .map(current -> plans.version(handle, current.planCode(), current.planVersion()));
    }

    /**
     * Whether nobody has noted an answer yet that was asked for later. Answers may come in any order and any number of
     * times: the one that was asked for last decides, and is noted here.
     *
     * @param ticket from {@link #fetchTicket}, taken before the provider was asked
     */
    public boolean isNews(Handle handle, TenantId tenant, ProviderSubscription from, long ticket) {
        return subscriptions.isNewsOf(handle, tenant, from.provider(), from.id(), ticket);
    }

    /**
     * Applies what a provider says of a subscription. A newer subscription replaces an older one, which is then
     * cancelled.
     *
     * @param paid the paid periods that the provider told of
     * @param news as {@link #isNews} said
     */
    public void follow(
            Handle handle, TenantId tenant, ProviderSubscription from, Plan plan, List<PaidPeriod> paid, boolean news) {
        Subscription current = subscriptions.lock(handle, tenant).orElse(null);
        if (!news) {
            // An old answer says nothing new of the subscription; what it says is paid stays paid.
            if (current != null && current.isOf(from)) {
                grantPaid(handle, tenant, current, paid, clock.now(handle, tenant));
            }
            return;
        }
        switch (Subscription.judge(current, from)) {
            case IGNORE -> {}
            case CANCEL -> subscriptions.supersede(handle, from.provider(), from.id(), false);
            case APPLY -> apply(handle, tenant, current, from, plan, paid);
        }
    }

    private void apply(
            Handle handle,
            TenantId tenant,
            @Nullable Subscription current,
            ProviderSubscription from,
            Plan plan,
            List<PaidPeriod> paid) {
        Instant now = clock.now(handle, tenant);
        Subscription next = Subscription.of(current, from, plan, now, config.grace());
        if (current != null && !current.isOf(from) && current.isChargedByProvider()) {
            subscriptions.supersede(
                    handle,
                    Objects.requireNonNull(current.provider()),
                    Objects.requireNonNull(current.providerSubscriptionId()),
                    !current.provider().equals(from.provider()) && from.isPaidElsewhere());
        }
        chargeOverage(handle, tenant, current, next, plan);
        grantPaid(handle, tenant, next, paid, now);
        remind(handle, tenant, next, plan, now);
        if (next.saysTheSameAs(current)) {
            Instant due = dueInOurTime(handle, tenant, next);
            // What is late already is looked at again when its claim ends, not at once.
            if (due == null || due.isAfter(clock.ours())) {
                subscriptions.lookAgain(handle, due);
            }
            return;
        }
        if (next.status() == SubscriptionStatus.ENDED
                && goFree(handle, tenant, Objects.requireNonNullElse(current, next))) {
            return;
        }
        if (next.status() == SubscriptionStatus.ENDED) {
            credits.closeAllPlanLots(handle, tenant, "subscription-ended");
        }
        save(handle, tenant, next, plan, from.provider());
        record(handle, tenant, BILLING, "subscription.follow", current, next, "as " + from.provider() + " says");
    }

    /** Freezes what a period that is over used beyond its credits, before the next one's are granted. */
    private void chargeOverage(
            Handle handle, TenantId tenant, @Nullable Subscription current, Subscription next, Plan plan) {
        boolean ended = next.status() == SubscriptionStatus.ENDED;
        OveragePayer follows = ended || next.status() == SubscriptionStatus.PENDING ? null : next.overagePayer(false);
        if (current != null) {
            boolean goesOn = !ended && Objects.equals(current.providerSubscriptionId(), next.providerSubscriptionId());
            if (current.endsPeriodBefore(next)) {
                freezeOverage(handle, tenant, current, goesOn ? follows : current.overagePayer(true));
            }
            if (!goesOn && current.provider() != null && current.providerSubscriptionId() != null) {
                overages.orderAlone(handle, current.provider(), current.providerSubscriptionId());
            }
        }
        if (follows != null) {
            overages.adopt(handle, follows, plan.price().currency());
        }
    }

    private void freezeOverage(Handle handle, TenantId tenant, Subscription ending, @Nullable OveragePayer payer) {
        Plan plan = plans.version(handle, ending.planCode(), ending.planVersion());
        overages.freeze(handle, tenant, plan, ending.overagePeriod(), payer);
    }

    /** Freezes the overage of periods that end soon, so that the invoices of the next ones carry it. */
    public void freezeOverages() {
        Instant end = clock.ours().plus(config.overageLead());
        Sweep.each(
                database.acrossTenants(relay -> subscriptions.tenantsToFreeze(relay, end, 50)),
                tenant -> database.useTenant(
                        tenant,
                        handle -> freezeOverage(
                                handle, tenant, clock.now(handle, tenant).plus(config.overageLead()))));
    }

    /** The same for one tenant, if its running period ends by then and is followed by one that is charged. */
    public void freezeOverage(TenantId tenant, Instant by) {
        database.useTenant(tenant, handle -> freezeOverage(handle, tenant, by));
    }

    private void freezeOverage(Handle handle, TenantId tenant, Instant by) {
        subscriptions
                .lock(handle, tenant)
                .filter(current -> current.renewsBy(by))
                .ifPresent(current -> {
                    freezeOverage(handle, tenant, current, current.overagePayer(false));
                    subscriptions.isFrozen(handle);
                });
    }

    private void remind(Handle handle, TenantId tenant, Subscription next, Plan plan, Instant now) {
        boolean suspended = next.status() == SubscriptionStatus.SUSPENDED;
        if (suspended || next.status() == SubscriptionStatus.PAST_DUE) {
            dunning.remind(
                    handle,
                    tenant,
                    new OverduePayment(
                            plan.name(), suspended, Objects.requireNonNull(next.pastDueSince()), now, config.grace()));
        }
    }

    /** A free plan that was to follow a paid one begins when that ends. */
    private boolean goFree(Handle handle, TenantId tenant, Subscription ending) {
        PlanReference follows = ending.pending();
        if (follows == null) {
            return false;
        }
        Plan plan = plans.version(handle, follows.code(), follows.version());
        if (!plan.price().isZero()) {
            return false;
        }
        Subscription free = Subscription.free(ending, plan, clock.now(handle, tenant));
        grantFreePeriod(handle, tenant, free, plan);
        save(handle, tenant, free, plan, "free-plan-follows");
        record(handle, tenant, BILLING, "subscription.change", ending, free, "free-plan-follows");
        return true;
    }

    /** Notes the free plan that follows when the running period ends, or that none does. */
    public void followedBy(Handle handle, TenantId tenant, @Nullable Plan free) {
        Subscription current = subscriptions.lock(handle, tenant).orElseThrow();
        Subscription next = current.followedBy(free == null ? null : PlanReference.of(free));
        if (!next.saysTheSameAs(current)) {
            save(
                    handle,
                    tenant,
                    next,
                    plans.version(handle, next.planCode(), next.planVersion()),
                    free == null ? "following-plan-withdrawn" : "following-plan-chosen");
        }
    }

    /**
     * Only a paid invoice of a period grants, and what it charged: a provider moves the period on before it has the
     * money. It may be told of late, when upgrades within the period have been charged and granted already.
     */
    private void grantPaid(
            Handle handle, TenantId tenant, Subscription subscription, List<PaidPeriod> paid, Instant now) {
        if (!subscription.status().isLive()) {
            return;
        }
        String provider = Objects.requireNonNull(subscription.provider());
        for (PaidPeriod period : paid) {
            ProviderInvoice invoice = period.invoice();
            CreditGrant grant = CreditGrant.period(
                    provider + ":" + subscription.providerSubscriptionId(),
                    invoice.periodStart(),
                    period.plan().creditsFor(invoice.withoutOverage().amount()),
                    lotExpiry(invoice.periodEnd()),
                    new LotPayment(provider, invoice.id(), invoice.paymentId(), invoice.withoutOverage()));
            boolean runs =
                    invoice.periodEnd().isAfter(now) && invoice.periodEnd().isAfter(subscription.periodStart());
            if (runs && !credits.isGranted(handle, grant.grantKey())) {
                credits.closePlanLots(handle, tenant, period.upgrades(), "replaced-by-next-period");
                credits.grant(handle, tenant, grant);
            }
        }
    }

    /** Claims up to 50 subscriptions that are due to be looked at. */
    public List<DueSubscription> claimDue() {
        return database.acrossTenants(relay -> subscriptions.claimDue(relay, 50));
    }

    /** Ends or renews a subscription that no provider keeps, if its time has come. */
    public void timePassed(TenantId tenant) {
        database.useTenant(tenant, handle -> {
            Subscription current = subscriptions.lock(handle, tenant).orElseThrow();
            Plan plan = plans.version(handle, current.planCode(), current.planVersion());
            current.timePassed(clock.now(handle, tenant), plan).ifPresent(next -> {
                if (current.endsPeriodBefore(next)) {
                    freezeOverage(handle, tenant, current, null);
                }
                if (next.status() == SubscriptionStatus.ENDED) {
                    credits.closeAllPlanLots(handle, tenant, "subscription-ended");
                } else {
                    grantFreePeriod(handle, tenant, next, plan);
                }
                save(handle, tenant, next, plan, "time-passed");
                record(handle, tenant, BILLING, "subscription.follow", current, next, "time-passed");
            });
        });
    }

    /** Claims up to 20 replaced subscriptions that are still to be cancelled at their provider. */
    public List<DueSubscription> claimSuperseded() {
        return database.acrossTenants(relay -> subscriptions.claimSuperseded(relay, 20));
    }

    /** Notes that a replaced subscription is cancelled at its provider. */
    public void supersededIsCancelled(DueSubscription superseded) {
        database.useTenant(
                superseded.tenant(),
                handle -> subscriptions.supersededIsCancelled(
                        handle,
                        Objects.requireNonNull(superseded.provider()),
                        Objects.requireNonNull(superseded.providerSubscriptionId())));
    }

    /** Ends a subscription that no provider keeps, now. A 409 problem when it has ended. */
    public SubscriptionView endNow(TenantId tenant, Caller caller) {
        return change(tenant, caller, "subscription.cancel", Subscription::ended);
    }

    /** Lets a subscription that no provider keeps end with its period, or not. A 409 problem when it has ended. */
    public SubscriptionView endWithPeriod(TenantId tenant, Caller caller, boolean ending) {
        return change(
                tenant,
                caller,
                ending ? "subscription.cancel" : "subscription.resume",
                current -> current.endingWithPeriod(ending));
    }

    private SubscriptionView change(TenantId tenant, Caller caller, String action, UnaryOperator<Subscription> change) {
        return database.inTenant(tenant, handle -> {
            Subscription current = subscriptions
                    .lock(handle, tenant)
                    .orElseThrow(() -> new Problem(SubscriptionProblem.SUBSCRIPTION_NOT_FOUND));
            if (current.status() == SubscriptionStatus.ENDED) {
                throw new Problem(SubscriptionProblem.SUBSCRIPTION_ENDED);
            }
            Subscription next = change.apply(current);
            if (next.saysTheSameAs(current)) {
                return SubscriptionView.from(current);
            }
            if (next.status() == SubscriptionStatus.ENDED) {
                if (current.endsPeriodBefore(next)) {
                    freezeOverage(handle, tenant, current, null);
                }
                credits.closeAllPlanLots(handle, tenant, "subscription-ended");
            }
            Plan plan = plans.version(handle, next.planCode(), next.planVersion());
            save(handle, tenant, next, plan, action);
            record(handle, tenant, caller, action, SubscriptionView.from(current), SubscriptionView.from(next));
            return SubscriptionView.from(next);
        });
    }

    /** Puts a person's change at the provider on the audit trail, and returns the subscription as it is now. */
    public SubscriptionView recordChange(Caller caller, String action, SubscriptionView before) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            SubscriptionView after =
                    subscriptions.find(handle).map(SubscriptionView::from).orElseThrow();
            record(handle, tenant, caller, action, before, after);
            return after;
        });
    }

    private void record(
            Handle handle,
            TenantId tenant,
            Caller caller,
            String action,
            @Nullable Subscription before,
            Subscription after,
            @Nullable String reason) {
        audit.record(
                handle,
                caller,
                tenant,
                new AuditEntry(
                        action,
                        "subscription",
                        tenant.toString(),
                        before == null ? null : SubscriptionView.from(before),
                        SubscriptionView.from(after),
                        reason));
    }

    private void record(
            Handle handle,
            TenantId tenant,
            Caller caller,
            String action,
            SubscriptionView before,
            SubscriptionView after) {
        audit.record(
                handle, caller, tenant, new AuditEntry(action, "subscription", tenant.toString(), before, after, null));
    }

    private @Nullable Instant dueInOurTime(Handle handle, TenantId tenant, Subscription next) {
        Instant due = next.dueAt(clock.now(handle, tenant), config.grace());
        return due == null ? null : clock.inOurTime(handle, due);
    }

    /** Tells everybody of the subscription as it is, once more; nothing when there is none. */
    public void repeat(Handle handle, TenantId tenant) {
        subscriptions.lock(handle, tenant).ifPresent(current -> {
            Plan plan = plans.version(handle, current.planCode(), current.planVersion());
            outbox.append(handle, tenant, SubscriptionChanged.of(tenant, current, plan));
        });
    }

    private void save(Handle handle, TenantId tenant, Subscription next, Plan plan, String cause) {
        subscriptions.save(handle, tenant, next, dueInOurTime(handle, tenant, next), cause);
        outbox.append(handle, tenant, SubscriptionChanged.of(tenant, next, plan));
    }
}
