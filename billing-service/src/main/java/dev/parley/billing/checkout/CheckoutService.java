package dev.parley.billing.checkout;

import dev.parley.billing.payment.CheckoutOrder;
import dev.parley.billing.payment.ProviderCheckout;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.plan.PlanProblem;
import dev.parley.billing.plan.PlanService;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemCompletion;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
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
    private final SubscriptionService subscriptions;
    private final Audit audit;

    CheckoutService(
            Database database,
            CheckoutRepository checkouts,
            PlanService plans,
            SubscriptionService subscriptions,
            Audit audit) {
        this.database = database;
        this.checkouts = checkouts;
        this.plans = plans;
        this.subscriptions = subscriptions;
        this.audit = audit;
    }

    /** What was begun: the checkout, and the subscription's version when it is active already. */
    record Begun(Checkout checkout, @Nullable Long activeVersion) {}

    /**
     * Stores the intent, or finds the one that the same request stored before. A plan of price 0 is active with it.
     *
     * @param idempotencyKey what the client named its request, or null
     */
    Begun begin(CheckoutRequest request, Caller caller, @Nullable String idempotencyKey) {
        TenantId tenant = caller.tenant();
        String requestKey = idempotencyKey == null ? null : requestKey(request, caller, idempotencyKey);
        return database.inTenant(tenant, handle -> {
            Plan plan = plans.newest(handle, request.plan()).orElseThrow(() -> new Problem(PlanProblem.PLAN_UNKNOWN)
                    .with("errors", ProblemCompletion.error("/plan", "there is no such plan")));
            boolean free = plan.price().isZero();
            if (!free) {
                requireAddresses(request);
            }
            if (requestKey != null) {
                checkouts.forgetOldRequest(handle, requestKey);
            }
            UUID id = Ids.next();
            CheckoutStatus status = free ? CheckoutStatus.COMPLETED : CheckoutStatus.UNKNOWN;
            boolean first = checkouts.insert(handle, tenant, id, requestKey, status, plan, request, caller.actor());
            Checkout checkout = first
                    ? checkouts.find(handle, id).orElseThrow()
                    : checkouts
                            .findByRequest(handle, Objects.requireNonNull(requestKey))
                            .orElseThrow();
            if (first) {
                audit.record(
                        handle,
                        caller,
                        tenant,
                        new AuditEntry(
                                "checkout.create",
                                "checkout",
                                id.toString(),
                                null,
                                Map.of(
                                        "plan", plan.code(),
                                        "plan_version", plan.version(),
                                        "provider", request.providerOrDefault()),
                                null));
            }
            return new Begun(checkout, free ? (Long) subscriptions.activateFree(handle, caller, plan) : null);
        });
    }

    private static void requireAddresses(CheckoutRequest request) {
        if (request.successUrl() == null || request.cancelUrl() == null) {
            String missing = request.successUrl() == null ? "/success_url" : "/cancel_url";
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error(missing, "must not be empty"));
        }
    }

    private static String requestKey(CheckoutRequest request, Caller caller, String idempotencyKey) {
        String text = String.join("\n", caller.subject(), idempotencyKey, request.toString());
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The order to place at the provider; the same each time, so that its idempotency key always fits. */
    public CheckoutOrder order(TenantId tenant, Checkout checkout) {
        Plan plan = database.global(handle -> plans.version(handle, checkout.planCode(), checkout.planVersion()));
        return new CheckoutOrder(
                checkout.id(),
                tenant,
                plan,
                Objects.requireNonNull(checkout.successUrl()),
                Objects.requireNonNull(checkout.cancelUrl()));
    }

    /** A checkout by its id. */
    public Optional<Checkout> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> checkouts.find(handle, id));
    }

    /** The plan version that a checkout is for; empty when there is no such checkout. */
    public Optional<Plan> planOf(Handle handle, UUID checkoutId) {
        return checkouts
                .find(handle, checkoutId)
                .map(checkout -> plans.version(handle, checkout.planCode(), checkout.planVersion()));
    }

    /** Notes what a provider says of a checkout, and returns the checkout. Final states stay. */
    public Checkout answered(TenantId tenant, UUID checkoutId, ProviderCheckout answer) {
        return database.inTenant(tenant, handle -> {
            noteAnswer(handle, checkoutId, answer);
            return checkouts.find(handle, checkoutId).orElseThrow();
        });
    }

    /** As {@link #answered}, in the caller's transaction; a checkout that is not known is left alone. */
    public void noteAnswer(Handle handle, UUID checkoutId, ProviderCheckout answer) {
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
