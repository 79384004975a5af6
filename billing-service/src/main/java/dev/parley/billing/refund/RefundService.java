package dev.parley.billing.refund;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovalService;
import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.credit.PaidLot;
import dev.parley.billing.money.Money;
import dev.parley.billing.outbound.AdministrativeDecision;
import dev.parley.billing.subscription.SubscriptionService;
import dev.parley.platform.audit.AccessReason;
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
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Keeps refunds, step by step; each step is written before the next one begins. */
@ApplicationScoped
public class RefundService {
    private final Database database;
    private final RefundRepository refunds;
    private final CreditService credits;
    private final SubscriptionService subscriptions;
    private final ApprovalService approvals;
    private final Audit audit;
    private final TenantClock clock;

    RefundService(
            Database database,
            RefundRepository refunds,
            CreditService credits,
            SubscriptionService subscriptions,
            ApprovalService approvals,
            Audit audit,
            TenantClock clock) {
        this.database = database;
        this.refunds = refunds;
        this.credits = credits;
        this.subscriptions = subscriptions;
        this.approvals = approvals;
        this.audit = audit;
        this.clock = clock;
    }

    /** The lot that a request names: a 404 problem when there is none, 409 when nobody paid for it. */
    PaidLot lot(TenantId tenant, RefundRequest request) {
        if ((request.lotId() == null) == (request.invoiceId() == null)) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/lot_id", "either a lot or an invoice must be named"));
        }
        return database.inTenant(tenant, handle -> {
            Optional<UUID> id = request.lotId() == null
                    ? refunds.lotOfInvoice(handle, Objects.requireNonNull(request.invoiceId()))
                    : Optional.of(request.lotId());
            PaidLot lot = id.flatMap(found -> credits.lot(handle, found))
                    .orElseThrow(() -> new Problem(RefundProblem.REFUND_LOT_NOT_FOUND));
            if (lot.paid() == null) {
                throw new Problem(RefundProblem.REFUND_NOTHING_PAID);
            }
            return lot;
        });
    }

    /** What became of a refund: begun, or kept for a second admin. */
    record Outcome(@Nullable PaymentRefund refund, @Nullable Approval approval) {}

    /** What became of the refund of a lot, if one was asked for. */
    Optional<Outcome> known(TenantId tenant, UUID lotId) {
        return database.inTenant(tenant, handle -> known(handle, lotId));
    }

    private Optional<Outcome> known(Handle handle, UUID lotId) {
        Optional<PaymentRefund> begun = refunds.ofLot(handle, lotId);
        return begun.isPresent()
                ? begun.map(refund -> new Outcome(refund, null))
                : approvals.find(handle, WantedRefund.requestKey(lotId)).map(approval -> new Outcome(null, approval));
    }

    /** Begins a refund that policy allows, or keeps it for a second admin; a 409 problem when the lot has ended. */
    Outcome begin(TenantId tenant, WantedRefund wanted, AdministrativeDecision decision, Caller admin) {
        return database.inTenant(tenant, handle -> known(handle, wanted.lotId())
                .orElseGet(() -> decision.approvalRequired()
                        ? new Outcome(null, approvals.request(handle, tenant, wanted.forApproval(), decision, admin))
                        : new Outcome(
                                closing(
                                        handle,
                                        tenant,
                                        wanted,
                                        new RefundRepository.Begun(decision.decisionId(), null, admin.actor(), null),
                                        admin),
                                null)));
    }

    /** Begins a refund to which a second admin has agreed; a 409 problem when the lot has ended meanwhile. */
    PaymentRefund approved(Handle handle, Approval approval, WantedRefund wanted, Caller second) {
        return closing(
                handle,
                approval.tenantId(),
                wanted,
                new RefundRepository.Begun(
                        approval.decisionId(), approval.id(), approval.requestedBy(), second.actor()),
                second);
    }

    private PaymentRefund closing(
            Handle handle, TenantId tenant, WantedRefund wanted, RefundRepository.Begun begun, Caller admin) {
        // An upgrade is cheap because of what was paid for the plan below it: without that it would be a bargain.
        subscriptions.hold(handle, tenant);
        if (refunds.carriesAnUpgrade(handle, wanted.lotId())) {
            throw new Problem(RefundProblem.REFUND_UPGRADE_FIRST)
                    .detail("Refund the credits of the upgrade, then those of the plan below it.");
        }
        if (!credits.refundLot(handle, tenant, wanted.lotId())) {
            // Whoever pressed at the same moment has closed it; else its time was over.
            return refunds.ofLot(handle, wanted.lotId()).orElseThrow(() -> new Problem(RefundProblem.REFUND_LOT_ENDED));
        }
        UUID id = Ids.next();
        PaidLot lot = credits.lot(handle, wanted.lotId()).orElseThrow();
        refunds.insert(handle, tenant, id, lot, wanted.providerPayment(), wanted.reason(), begun);
        PaymentRefund refund = refunds.find(handle, id).orElseThrow();
        audit.record(
                handle,
                admin,
                tenant,
                new AuditEntry("payment.refund", "payment-refund", id.toString(), null, refund, wanted.reason()));
        return refund;
    }

    /** Takes policy's word on what was unspent of a lot, in the caller's transaction; other lots are of no concern. */
    public void lotClosed(Handle handle, UUID lotId, long unspent) {
        refunds.ofLot(handle, lotId)
                .filter(refund -> refund.status() == RefundStatus.CLOSING)
                .ifPresent(refund -> {
                    long lotCredits = credits.lot(handle, lotId).orElseThrow().credits();
                    long amount = RefundShare.of(refund.paid().amount(), lotCredits, unspent);
                    refunds.lotClosed(handle, refund.id(), unspent, amount);
                });
    }

    Optional<PaymentRefund> find(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> refunds.find(handle, id));
    }

    List<PaymentRefund> inspect(TenantId tenant, Caller admin, AccessReason why) {
        return database.inTenant(tenant, handle -> {
            audit.record(
                    handle,
                    admin,
                    tenant,
                    AuditEntry.look("payment-refund.read", "payment-refund", tenant.toString(), why));
            return refunds.list(handle);
        });
    }

    /** Claims up to 20 refunds whose provider has to be asked. */
    List<PendingRefund> claim() {
        return database.acrossTenants(relay -> refunds.claim(relay, 20));
    }

    /** Whether a provider may have forgotten the idempotency key of an order that was made: again could be a second one. */
    boolean isTooOldToOrder(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> refunds.isTooOldToOrder(handle, id));
    }

    boolean hurry(String provider, String providerRefundId) {
        return database.acrossTenants(relay -> refunds.hurry(relay, provider, providerRefundId));
    }

    void answered(TenantId tenant, UUID id, RefundStatus status, @Nullable String providerRefundId) {
        database.useTenant(tenant, handle -> refunds.answered(handle, id, status, providerRefundId));
    }

    /**
     * Ends a refund that the provider will not make: what was taken from the lot is granted again, as it was paid for and
     * for as long as the lot would have lasted when the refund began.
     */
    void refused(TenantId tenant, UUID id) {
        database.useTenant(tenant, handle -> {
            PaymentRefund refund = refunds.find(handle, id).orElseThrow();
            if (refunds.answered(handle, id, RefundStatus.REFUSED, null) && refund.unspent() != null) {
                PaidLot lot = credits.lot(handle, refund.lotId()).orElseThrow();
                credits.grant(
                        handle,
                        tenant,
                        new CreditGrant(
                                CreditSource.ADJUSTMENT,
                                "refund-refused:" + id,
                                refund.unspent(),
                                lot.expiresAt() == null
                                        ? null
                                        : lot.expiresAt().plus(Duration.between(refund.createdAt(), clock.ours())),
                                "the refund was refused",
                                "billing-service",
                                shareOf(
                                        lot.paid(),
                                        Objects.requireNonNull(refund.amount()).amount())));
            }
        });
    }

    private static @Nullable LotPayment shareOf(@Nullable LotPayment paid, long amount) {
        return paid == null || amount == 0
                ? null
                : new LotPayment(
                        paid.provider(),
                        paid.invoiceId(),
                        paid.paymentId(),
                        new Money(amount, paid.amount().currency()));
    }
}
