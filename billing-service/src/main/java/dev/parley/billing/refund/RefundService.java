package dev.parley.billing.refund;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovalService;
import dev.parley.billing.approval.Outcome;
import dev.parley.billing.clock.TenantClock;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.credit.PaidLot;
import dev.parley.billing.invoice.InvoiceService;
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
    private final InvoiceService invoices;
    private final Audit audit;
    private final TenantClock clock;

    RefundService(
            Database database,
            RefundRepository refunds,
            CreditService credits,
            SubscriptionService subscriptions,
            ApprovalService approvals,
            InvoiceService invoices,
            Audit audit,
            TenantClock clock) {
        this.database = database;
        this.refunds = refunds;
        this.credits = credits;
        this.subscriptions = subscriptions;
        this.approvals = approvals;
        this.invoices = invoices;
        this.audit = audit;
        this.clock = clock;
    }

    /** What a request names: a 404 problem when there is no such thing, 409 when nobody paid for it. */
    Refundable refundable(TenantId tenant, RefundRequest request) {
        if ((request.lotId() == null) == (request.invoiceId() == null)) {
            throw new Problem(CommonProblem.VALIDATION_FAILED)
                    .with("errors", ProblemCompletion.error("/lot_id", "either a lot or an invoice must be named"));
        }
        return database.inTenant(tenant, handle -> {
            Optional<UUID> id = request.lotId() == null
                    ? refunds.lotOfInvoice(handle, Objects.requireNonNull(request.invoiceId()))
                    : Optional.of(request.lotId());
            if (id.isEmpty()) {
                return refunds.unearned(handle, null, request.invoiceId())
                        .map(payment ->
                                new Refundable(null, payment.invoiceId(), payment.planCredits(), payment.paid(), true))
                        .orElseThrow(() -> new Problem(RefundProblem.REFUND_LOT_NOT_FOUND));
            }
            PaidLot lot =
                    credits.lot(handle, id.get()).orElseThrow(() -> new Problem(RefundProblem.REFUND_LOT_NOT_FOUND));
            LotPayment paid = lot.paid();
            if (paid == null) {
                throw new Problem(RefundProblem.REFUND_NOTHING_PAID);
            }
            boolean open =
                    lot.open() || refunds.unearned(handle, lot.id(), null).isPresent();
            return new Refundable(lot.id(), null, lot.credits(), paid, open);
        });
    }

    /** What became of the refund of something, if one was asked for. */
    Optional<Outcome<PaymentRefund>> known(TenantId tenant, Refundable paid) {
        return database.inTenant(tenant, handle -> known(handle, paid.lotId(), paid.invoiceId()));
    }

    private Optional<Outcome<PaymentRefund>> known(Handle handle, @Nullable UUID lotId, @Nullable UUID invoiceId) {
        Optional<PaymentRefund> begun = begun(handle, lotId, invoiceId);
        return begun.isPresent()
                ? begun.map(Outcome::made)
                : approvals
                        .find(handle, WantedRefund.requestKey(lotId, invoiceId))
                        .map(Outcome::waiting);
    }

    private Optional<PaymentRefund> begun(Handle handle, @Nullable UUID lotId, @Nullable UUID invoiceId) {
        return lotId != null
                ? refunds.ofLot(handle, lotId)
                : refunds.ofInvoice(handle, Objects.requireNonNull(invoiceId));
    }

    /** Begins a refund that policy allows, or keeps it for a second admin; a 409 problem when the lot has ended. */
    Outcome<PaymentRefund> begin(TenantId tenant, WantedRefund wanted, AdministrativeDecision decision, Caller admin) {
        return database.inTenant(tenant, handle -> known(handle, wanted.lotId(), wanted.invoiceId())
                .orElseGet(() -> decision.approvalRequired()
                        ? Outcome.waiting(approvals.request(handle, tenant, wanted.forApproval(), decision, admin))
                        : Outcome.made(carryOut(
                                handle,
                                tenant,
                                wanted,
                                new RefundRepository.Begun(decision.decisionId(), null, admin.actor(), null),
                                admin))));
    }

    /** Begins a refund to which a second admin has agreed; a 409 problem when the lot has ended meanwhile. */
    PaymentRefund approved(Handle handle, Approval approval, WantedRefund wanted, Caller second) {
        return carryOut(
                handle,
                approval.tenantId(),
                wanted,
                new RefundRepository.Begun(
                        approval.decisionId(), approval.id(), approval.requestedBy(), second.actor()),
                second);
    }

    private PaymentRefund carryOut(
            Handle handle, TenantId tenant, WantedRefund wanted, RefundRepository.Begun begun, Caller admin) {
        // An upgrade is cheap because of what was paid for the plan below it: without that it would be a bargain.
        subscriptions.hold(handle, tenant);
        UUID lotId = wanted.lotId();
        // Whoever pressed at the same moment has begun it.
        Optional<PaymentRefund> other = begun(handle, lotId, wanted.invoiceId());
        if (other.isPresent()) {
            return other.get();
        }
        if (lotId != null && refunds.carriesAnUpgrade(handle, lotId)) {
            throw new Problem(RefundProblem.REFUND_UPGRADE_FIRST)
                    .detail("Refund the credits of the upgrade, then those of the plan below it.");
        }
        UUID id = Ids.next();
        if (lotId != null && credits.refundLot(handle, tenant, lotId)) {
            refunds.insert(handle, tenant, id, credits.lot(handle, lotId).orElseThrow(), wanted, begun);
        } else {
            UnearnedPayment unearned = refunds.unearned(handle, lotId, wanted.invoiceId())
                    .orElseThrow(() -> new Problem(RefundProblem.REFUND_LOT_ENDED));
            LotPayment paid = lotId == null
                    ? unearned.paid()
                    : Objects.requireNonNull(
                            credits.lot(handle, lotId).orElseThrow().paid());
            refunds.insertOwed(handle, tenant, id, paid, owed(handle, unearned, paid), wanted, begun);
        }
        PaymentRefund refund = refunds.find(handle, id).orElseThrow();
        audit.record(
                handle,
                admin,
                tenant,
                new AuditEntry("payment.refund", "payment-refund", id.toString(), null, refund, wanted.reason()));
        return refund;
    }

    /** All of a payment that brought nothing; of a lot that the replacement ended, the share that was unspent then. */
    private long owed(Handle handle, UnearnedPayment unearned, LotPayment paid) {
        return unearned.lotId() == null
                ? paid.amount().amount()
                : RefundShare.of(
                        paid.amount().amount(),
                        credits.lot(handle, unearned.lotId()).orElseThrow().credits(),
                        Objects.requireNonNull(unearned.unspent()));
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

    /** Notes what a provider says of a refund; when it is made, the credit note is issued in the same transaction. */
    void answered(TenantId tenant, UUID id, RefundStatus status, @Nullable String providerRefundId) {
        database.useTenant(tenant, handle -> {
            Optional<RefundStatus> before = refunds.answered(handle, id, status, providerRefundId);
            if (status == RefundStatus.DONE && before.isPresent() && before.get() != RefundStatus.DONE) {
                long amount = Objects.requireNonNull(
                                refunds.find(handle, id).orElseThrow().amount())
                        .amount();
                refunds.invoiceOf(handle, id)
                        .ifPresent(invoice -> invoices.credit(handle, tenant, invoice, id, amount));
            }
        });
    }

    /**
     * Ends a refund that the provider will not make, or whose money came back: what was taken from the lot is granted
     * again, as it was paid for and for as long as the lot would have lasted when the refund began.
     */
    void refused(TenantId tenant, UUID id) {
        database.useTenant(tenant, handle -> {
            PaymentRefund refund = refunds.find(handle, id).orElseThrow();
            Optional<RefundStatus> before = refunds.answered(handle, id, RefundStatus.REFUSED, null);
            if (before.isPresent()) {
                invoices.creditFailed(handle, id);
            }
            if (before.isPresent() && refund.lotId() != null && refund.unspent() != null) {
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
