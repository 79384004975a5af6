package dev.parley.billing.adjustment;

import dev.parley.billing.approval.Approval;
import dev.parley.billing.approval.ApprovalService;
import dev.parley.billing.approval.Outcome;
import dev.parley.billing.credit.CreditGrant;
import dev.parley.billing.credit.CreditLot;
import dev.parley.billing.credit.CreditService;
import dev.parley.billing.credit.CreditSource;
import dev.parley.billing.ledger.LedgerService;
import dev.parley.billing.outbound.AdministrativeDecision;
import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Changes credits by hand: entry, event and audit entry in one transaction, each change once. What is taken back is
 * booked when policy has said how much of it was unspent.
 */
@ApplicationScoped
public class AdjustmentService {
    private final Database database;
    private final AdjustmentRepository adjustments;
    private final ApprovalService approvals;
    private final CreditService credits;
    private final LedgerService ledger;
    private final Outbox outbox;
    private final Audit audit;

    AdjustmentService(
            Database database,
            AdjustmentRepository adjustments,
            ApprovalService approvals,
            CreditService credits,
            LedgerService ledger,
            Outbox outbox,
            Audit audit) {
        this.database = database;
        this.adjustments = adjustments;
        this.approvals = approvals;
        this.credits = credits;
        this.ledger = ledger;
        this.outbox = outbox;
        this.audit = audit;
    }

    /** What became of the change of that name, if anything did. */
    Optional<Outcome<Adjustment>> find(TenantId tenant, String requestKey) {
        return database.inTenant(tenant, handle -> known(handle, requestKey));
    }

    /** What an operation was charged; a 404 problem when that is nothing. */
    long charged(TenantId tenant, UUID operationId) {
        long charged = database.inTenant(tenant, handle -> ledger.charged(handle, operationId));
        if (charged == 0) {
            throw new Problem(AdjustmentProblem.OPERATION_NOT_CHARGED);
        }
        return charged;
    }

    /** Makes a change that policy allows, or keeps it for a second admin. */
    Outcome<Adjustment> make(TenantId tenant, Change change, AdministrativeDecision decision, Caller admin) {
        return database.inTenant(tenant, handle -> {
            Optional<Outcome<Adjustment>> known = known(handle, change.requestKey());
            if (known.isPresent()) {
                return known.get();
            }
            if (decision.approvalRequired()) {
                return Outcome.waiting(approvals.request(handle, tenant, change.wanted(), decision, admin));
            }
            return Outcome.made(carryOut(handle, tenant, change, decision.decisionId(), admin.actor(), null, admin));
        });
    }

    /** Makes a change to which a second admin has agreed. */
    Adjustment approved(Handle handle, Approval approval, Change change, Caller second) {
        return carryOut(
                handle,
                approval.tenantId(),
                change,
                approval.decisionId(),
                approval.requestedBy(),
                approval.id(),
                second);
    }

    private Optional<Outcome<Adjustment>> known(Handle handle, String requestKey) {
        Optional<Adjustment> made = adjustments.findByKey(handle, requestKey);
        return made.isPresent()
                ? made.map(Outcome::made)
                : approvals.find(handle, requestKey).map(Outcome::waiting);
    }

    private Adjustment carryOut(
            Handle handle,
            TenantId tenant,
            Change change,
            UUID decisionId,
            String firstAdmin,
            @Nullable UUID approvalId,
            Caller caller) {
        Adjustment adjustment = new Adjustment(
                Ids.next(),
                change.source(),
                change.credits(),
                null,
                null,
                change.operationId(),
                change.reason(),
                decisionId,
                approvalId,
                firstAdmin,
                approvalId == null ? null : caller.actor(),
                null);
        if (adjustments.insert(handle, tenant, change.requestKey(), adjustment)) {
            book(handle, tenant, change, adjustment);
            Adjustment made = adjustments.find(handle, adjustment.id()).orElseThrow();
            String action = change.source() == CreditSource.REFUND ? "usage.refund" : "credits.adjust";
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(action, "credit-adjustment", made.id().toString(), null, made, made.reason()));
        }
        return adjustments.findByKey(handle, change.requestKey()).orElseThrow();
    }

    private void book(Handle handle, TenantId tenant, Change change, Adjustment adjustment) {
        if (change.credits() < 0) {
            outbox.append(
                    handle, tenant, new CreditsWithdrawn(tenant, adjustment.id(), -change.credits(), change.reason()));
            return;
        }
        Optional<CreditLot> lot = change.operationId() != null
                ? credits.refund(
                        handle,
                        tenant,
                        change.operationId(),
                        change.credits(),
                        change.reason(),
                        adjustment.requestedBy())
                : credits.grant(
                        handle,
                        tenant,
                        new CreditGrant(
                                CreditSource.ADJUSTMENT,
                                "adjustment:" + adjustment.id(),
                                change.credits(),
                                null,
                                change.reason(),
                                adjustment.requestedBy()));
        adjustments.applied(
                handle, adjustment.id(), change.credits(), lot.orElseThrow().id());
    }

    /** Asks policy once more to take credits back of which it has not said how many it took; it takes them once. */
    public void repeat(Handle handle, TenantId tenant, UUID id) {
        adjustments
                .find(handle, id)
                .filter(waiting -> waiting.applied() == null)
                .ifPresent(waiting -> {
                    adjustments.askedAgain(handle, id);
                    outbox.append(
                            handle, tenant, new CreditsWithdrawn(tenant, id, -waiting.credits(), waiting.reason()));
                });
    }

    /**
     * Asks policy to take nothing back, and so to answer in its turn: when the answer is here, everything that was told
     * before is, both ways.
     */
    public void askForAnEcho(Handle handle, TenantId tenant, UUID id) {
        outbox.append(handle, tenant, new CreditsWithdrawn(tenant, id, 0, "reconciliation"));
    }

    /** Books what policy took back. Repeating it changes nothing. */
    public void taken(Handle handle, TenantId tenant, CreditsTaken taken) {
        if (adjustments.applied(handle, taken.withdrawalId(), -taken.credits(), null)) {
            ledger.takenBack(handle, tenant, taken.withdrawalId(), taken.credits());
            taken.lots().forEach(part -> credits.taken(handle, part.lotId(), part.credits()));
        } else if (adjustments.find(handle, taken.withdrawalId()).isEmpty()) {
            throw new IllegalStateException("policy took credits back that nobody asked for: " + taken.withdrawalId());
        }
    }

    /** The changes of a tenant, newest first, with an audit entry that holds the reason. */
    Page<Adjustment> inspect(
            TenantId tenant, @Nullable String cursor, @Nullable Integer limit, Caller admin, AccessReason why) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        return database.inTenant(tenant, handle -> {
            audit.record(
                    handle,
                    admin,
                    tenant,
                    AuditEntry.look("credits.read", "credit-adjustment", tenant.toString(), why));
            return Page.of(adjustments.list(handle, before, size + 1), size, adjustment -> adjustment
                    .id()
                    .toString());
        });
    }
}
