package dev.parley.billing.refund;

import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.credit.LotPayment;
import dev.parley.billing.credit.PaidLot;
import dev.parley.billing.money.Money;
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
    private final Audit audit;

    RefundService(Database database, RefundRepository refunds, CreditService credits, Audit audit) {
        this.database = database;
        this.refunds = refunds;
        this.credits = credits;
        this.audit = audit;
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

    /** Begins a refund by closing its lot, or finds the one that was begun; a 409 problem when the lot has ended. */
    PaymentRefund begin(TenantId tenant, PaidLot lot, String paymentId, String reason, Caller admin) {
        return database.inTenant(tenant, handle -> {
            Optional<PaymentRefund> before = refunds.ofLot(handle, lot.id());
            if (before.isPresent()) {
                return before.get();
            }
            if (!credits.closeLot(handle, tenant, lot.id(), "refund")) {
                throw new Problem(RefundProblem.REFUND_LOT_ENDED);
            }
            UUID id = Ids.next();
            refunds.insert(handle, tenant, id, lot, paymentId, reason, admin.actor());
            PaymentRefund refund = refunds.find(handle, id).orElseThrow();
            audit.record(
                    handle,
                    admin,
                    tenant,
                    new AuditEntry("payment.refund", "payment-refund", id.toString(), null, refund, reason));
            return refund;
        });
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

    boolean hurry(String provider, String providerRefundId) {
        return database.acrossTenants(relay -> refunds.hurry(relay, provider, providerRefundId));
    }

    void answered(TenantId tenant, UUID id, RefundStatus status, @Nullable String providerRefundId) {
        database.useTenant(tenant, handle -> refunds.answered(handle, id, status, providerRefundId));
    }

    /** Ends a refund that the provider will not make: what was taken from the lot is granted again, as it was paid for. */
    void refused(TenantId tenant, UUID id) {
        database.useTenant(tenant, handle -> {
            PaymentRefund refund = refunds.find(handle, id).orElseThrow();
            if (refunds.answered(handle, id, RefundStatus.REFUSED, null) && refund.unspent() != null) {
                LotPayment paid =
                        credits.lot(handle, refund.lotId()).orElseThrow().paid();
                credits.grant(
                        handle,
                        tenant,
                        new CreditGrant(
                                CreditSource.ADJUSTMENT,
                                "refund-refused:" + id,
                                refund.unspent(),
                                null,
                                "the refund was refused",
                                "billing-service",
                                shareOf(
                                        paid,
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
