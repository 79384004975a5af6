package dev.parley.billing.checkout;

import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.pack.CreditPack;
import dev.parley.billing.pack.CreditPackProblem;
import dev.parley.billing.pack.CreditPackService;
import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.PlanReference;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.payment.Purchase;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanProblem;
import dev.parley.billing.plan.PlanService;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.Sha256;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps checkouts: the intent is stored before a provider is asked, and every answer of a provider finds it again. */
@ApplicationScoped
public class CheckoutService {
    private final Database database;
    private final CheckoutRepository checkouts;
    private final PlanService plans;
    private final CreditPackService packs;
    private final SubscriptionService subscriptions;
    private final CreditService credits;
    private final TenantClock clock;
    private final Audit audit;

    CheckoutService(
            Database database,
            CheckoutRepository checkouts,
            PlanService plans,
            CreditPackService packs,
            SubscriptionService subscriptions,
            CreditService credits,
            TenantClock clock,
            Audit audit) {
        this.database = database;
        this.checkouts = checkouts;
        this.plans = plans;
        this.packs = packs;
        this.subscriptions = subscriptions;
        this.credits = credits;
        this.clock = clock;
        this.audit = audit;
    }

    /** What was begun: the checkout, and the subscription's version when it is active already. */
    record Begun(Checkout checkout, @Nullable Long activeVersion) {}

    /** Whether a request is for a plan that nobody has to be paid for. */
    boolean isFree(CheckoutRequest request) {
        return request.plan() != null
                && database.global(handle -> plans.newest(handle, request.plan()))
                        .map(plan -> plan.price().isZero())
                        .orElse(true);
    }

    /**
     * Stores the intent, or finds the one that the same request stored before. A plan of price 0 is active with it.
     *
     * @param idempotencyKey what the client named its request, or null
     */
    Begun begin(CheckoutRequest request, Caller caller, @Nullable String idempotencyKey) {
        TenantId tenant = caller.tenant();
        String requestKey = idempotencyKey == null ? null : requestKey(request, caller, idempotencyKey);
        return database.inTenant(tenant, handle -> {
            Purchase purchase = purchase(handle, request);
            Plan free = purchase instanceof Purchase.OfPlan(Plan plan)
                            && plan.price().isZero()
                    ? plan
                    : null;
            if (free == null) {
                requireAddresses(request);
            }
            if (requestKey != null) {
                checkouts.forgetOldRequest(handle, requestKey);
            }
            String provider = request.providerOrDefault();
            String customer =
                    free == null ? subscriptions.customerAt(handle, provider).orElse(null) : null;
            Checkout checkout = store(
                    handle,
                    caller,
                    tenant,
                    new CheckoutIntent(
                            Ids.next(),
                            requestKey,
                            free == null ? CheckoutStatus.UNKNOWN : CheckoutStatus.COMPLETED,
                            purchase,
                            provider,
                            request.successUrl(),
                            request.cancelUrl(),
                            customer,
                            null,
                            customer == null
                                    ? clock.atProvider(handle, provider).orElse(null)
                                    : null,
                            caller.actor()),
                    null);
            return new Begun(checkout, free == null ? null : (Long) subscriptions.activateFree(handle, caller, free));
        });
    }

    /**
     * Stores the intent to go on with a tenant's plan at another provider, who charges for the first time when what is
     * paid already ends.
     */
    public Checkout beginMove(TenantId tenant, Caller admin, String provider, MoveTerms terms) {
        return database.inTenant(
                tenant,
                handle -> store(
                        handle,
                        admin,
                        tenant,
                        new CheckoutIntent(
                                Ids.next(),
                                null,
                                CheckoutStatus.UNKNOWN,
                                new Purchase.OfPlan(terms.plan()),
                                provider,
                                terms.returnUrl(),
                                terms.returnUrl(),
                                null,
                                terms.firstChargeAt(),
                                clock.atProvider(handle, provider).orElse(null),
                                admin.actor()),
                        terms.reason()));
    }

    private Checkout store(
            Handle handle, Caller caller, TenantId tenant, CheckoutIntent intent, @Nullable String reason) {
        if (!checkouts.insert(handle, tenant, intent)) {
            return checkouts
                    .findByRequest(handle, Objects.requireNonNull(intent.requestKey()))
                    .orElseThrow();
        }
        Checkout checkout = checkouts.find(handle, intent.id()).orElseThrow();
        audit.record(
                handle,
                caller,
                tenant,
                new AuditEntry(
                        "checkout.create", "checkout", checkout.id().toString(), null, audited(checkout), reason));
        return checkout;
    }

    private static Map<String, Object> audited(Checkout checkout) {
        PlanReference what = Objects.requireNonNull(checkout.plan() == null ? checkout.pack() : checkout.plan());
        String kind = checkout.plan() == null ? "pack" : "plan";
        return Map.of(kind, what.code(), kind + "_version", what.version(), "provider", checkout.provider());
    }

    private Purchase purchase(Handle handle, CheckoutRequest request) {
        if ((request.plan() == null) == (request.pack() == null)) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/plan", "either a plan or a pack must be named"));
        }
        if (request.plan() != null) {
            return plans.newest(handle, request.plan())
                    .map(Purchase.OfPlan::new)
                    .orElseThrow(() -> new Problem(PlanProblem.PLAN_UNKNOWN)
                            .with("errors", ProblemCompletion.error("/plan", "there is no such plan")));
        }
        subscriptions.requireRunning(handle);
        return packs.newest(handle, Objects.requireNonNull(request.pack()))
                .map(Purchase.OfPack::new)
                .orElseThrow(() -> new Problem(CreditPackProblem.CREDIT_PACK_UNKNOWN)
                        .with("errors", ProblemCompletion.error("/pack", "there is no such pack")));
    }

    private static void requireAddresses(CheckoutRequest request) {
        if (request.successUrl() == null || request.cancelUrl() == null) {
            String missing = request.successUrl() == null ? "/success_url" : "/cancel_url";
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error(missing, "must not be empty"));
        }
    }

    private static String requestKey(CheckoutRequest request, Caller caller, String idempotencyKey) {
        return Sha256.hex(String.join("\n", caller.subject(), idempotencyKey, request.toString()));
    }

    /** The order to place at the provider; the same each time, so that its idempotency key always fits. */
    public CheckoutOrder order(TenantId tenant, Checkout checkout) {
        Purchase purchase = database.global(handle -> checkout.plan() == null
                ? new Purchase.OfPack(pack(handle, checkout))
                : new Purchase.OfPlan(plan(handle, checkout.plan())));
        return new CheckoutOrder(
                checkout.id(),
                tenant,
                purchase,
                Objects.requireNonNull(checkout.successUrl()),
                Objects.requireNonNull(checkout.cancelUrl()),
                checkout.customerId(),
                checkout.firstChargeAt(),
                checkout.clockId());
    }

    private Plan plan(Handle handle, PlanReference reference) {
        return plans.version(handle, reference.code(), reference.version());
    }

    private CreditPack pack(Handle handle, Checkout checkout) {
        PlanReference reference = Objects.requireNonNull(checkout.pack());
        return packs.version(handle, reference.code(), reference.version());
    }

    /** A checkout by its id. */
    public Optional<Checkout> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> checkouts.find(handle, id));
    }

    /** A checkout by its id, in the caller's transaction. */
    public Optional<Checkout> find(Handle handle, UUID id) {
        return checkouts.find(handle, id);
    }

    /**
     * Notes what a provider says of a checkout in the caller's transaction, and grants the credits of a pack that is
     * paid, once; false when there is no such checkout.
     */
    public boolean follow(Handle handle, TenantId tenant, UUID checkoutId, ProviderCheckout answer) {
        Optional<Checkout> known = checkouts.find(handle, checkoutId);
        if (known.isEmpty()) {
            return false;
        }
        noteAnswer(handle, checkoutId, answer);
        Checkout checkout = known.get();
        if (checkout.pack() != null && answer.paymentId() != null) {
            CreditPack pack = pack(handle, checkout);
            Instant expires = pack.validDays() == null
                    ? null
                    : clock.now(handle, tenant).truncatedTo(ChronoUnit.SECONDS).plus(pack.validDays(), ChronoUnit.DAYS);
            LotPayment paid = new LotPayment(checkout.provider(), null, answer.paymentId(), pack.price());
            credits.grant(handle, tenant, CreditGrant.pack(checkoutId, pack.credits(), expires, paid));
        }
        return true;
    }

    /** Notes what a provider says of a checkout, and returns the checkout. Final states stay. */
    public Checkout answered(TenantId tenant, UUID checkoutId, ProviderCheckout answer) {
        return database.inTenant(tenant, handle -> {
            noteAnswer(handle, checkoutId, answer);
            return checkouts.find(handle, checkoutId).orElseThrow();
        });
    }

    private void noteAnswer(Handle handle, UUID checkoutId, ProviderCheckout answer) {
        switch (answer.state()) {
            case OPEN -> checkouts.opened(handle, checkoutId, answer.sessionId(), answer.url());
            case COMPLETED -> checkouts.finished(handle, checkoutId, CheckoutStatus.COMPLETED, answer.sessionId());
            case EXPIRED -> checkouts.finished(handle, checkoutId, CheckoutStatus.EXPIRED, answer.sessionId());
        }
    }

    /** Notes that the provider refused the checkout for good. */
    public void refused(TenantId tenant, UUID checkoutId) {
        database.useTenant(tenant, handle -> checkouts.finished(handle, checkoutId, CheckoutStatus.REFUSED, null));
    }

    /** Claims up to 20 checkouts whose provider has to be asked. */
    public List<PendingCheckout> claimPending() {
        return database.acrossTenants(relay -> checkouts.claimPending(relay, 20));
    }

    /** Whether a provider may have forgotten the idempotency key: asking again could make a second page. */
    public boolean isTooOldToAsk(TenantId tenant, UUID checkoutId) {
        return database.inTenant(tenant, handle -> checkouts.isOlderThanADay(handle, checkoutId));
    }
}
