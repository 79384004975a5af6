package dev.parley.billing.approval;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.billing.outbound.AdministrativeDecision;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Four eyes: keeps a change until an admin other than the one who asked for it agrees, and then makes it once, in the
 * transaction that says so and writes the audit entry.
 */
@ApplicationScoped
public class ApprovalService {
    private final Database database;
    private final ApprovalRepository approvals;
    private final Map<String, ApprovedAction> actions = new TreeMap<>();
    private final Audit audit;
    private final ObjectMapper json;
    private final ApprovalConfig config;
    private final Clock clock;

    ApprovalService(
            Database database,
            ApprovalRepository approvals,
            Instance<ApprovedAction> actions,
            Audit audit,
            ObjectMapper json,
            ApprovalConfig config,
            Clock clock) {
        this.database = database;
        this.approvals = approvals;
        actions.forEach(action -> this.actions.put(action.action(), action));
        this.audit = audit;
        this.json = json;
        this.config = config;
        this.clock = clock;
    }

    /** A change to ask for. */
    public record Wanted(String requestKey, String action, long credits, Object request, String reason) {}

    /** The change of that name, if it was asked for and nobody let it lapse: then it may be asked for again. */
    public Optional<Approval> find(Handle handle, String requestKey) {
        Instant now = clock.instant();
        return approvals.findByKey(handle, requestKey).filter(approval -> !approval.hasLapsed(now));
    }

    /** Keeps a change for a second admin; the one that is kept already when it was asked for before. */
    public Approval request(
            Handle handle, TenantId tenant, Wanted wanted, AdministrativeDecision decision, Caller first) {
        Instant now = clock.instant();
        Approval approval = new Approval(
                Ids.next(),
                tenant,
                wanted.requestKey(),
                wanted.action(),
                wanted.credits(),
                json.valueToTree(wanted.request()),
                wanted.reason(),
                decision.decisionId(),
                decision.ruleId(),
                "waiting",
                first.actor(),
                null,
                null,
                now.plus(config.patience()),
                now,
                null);
        approvals.letGoOfLapsed(handle, wanted.requestKey(), now);
        if (!approvals.insert(handle, approval)) {
            return approvals.findByKey(handle, wanted.requestKey()).orElseThrow();
        }
        record(handle, "approval.request", approval, null, first);
        return approval;
    }

    Page<Approval> list(@Nullable String status, @Nullable String cursor, @Nullable Integer limit) {
        UUID before = Cursor.decodeId(cursor);
        int size = Cursor.limit(limit);
        return Page.of(
                database.acrossTenants(relay -> approvals.list(relay, status, before, size + 1)),
                size,
                approval -> approval.id().toString());
    }

    /** Agrees and makes the change. Pressed again, it answers what came of it and changes nothing. */
    Approval approve(UUID id, Caller second) {
        TenantId tenant = tenantOf(id);
        return database.inTenant(tenant, handle -> {
            Approval approval = approvals.lock(handle, id).orElseThrow(ApprovalService::unknown);
            if (approval.status().equals("approved")) {
                return approval;
            }
            Instant now = clock.instant();
            if (!approval.isWaiting() || approval.hasLapsed(now)) {
                throw new Problem(ApprovalProblem.APPROVAL_ENDED);
            }
            if (approval.requestedBy().equals(second.actor())) {
                throw new Problem(ApprovalProblem.SECOND_ADMIN_REQUIRED)
                        .detail("You asked for this change; somebody else must agree to it.");
            }
            Object result = actions.get(approval.action()).carryOut(handle, approval, second);
            approvals.approve(handle, id, second.actor(), now, result);
            Approval approved = approvals.lock(handle, id).orElseThrow();
            record(handle, "approval.approve", approval, approved, second);
            return approved;
        });
    }

    /** Takes a change that waits back; either admin may. */
    void withdraw(UUID id, Caller admin) {
        TenantId tenant = tenantOf(id);
        database.useTenant(tenant, handle -> {
            Approval approval = approvals.lock(handle, id).orElseThrow(ApprovalService::unknown);
            if (approval.status().equals("withdrawn")) {
                return;
            }
            if (!approval.isWaiting()) {
                throw new Problem(ApprovalProblem.APPROVAL_ENDED).detail("The change was made.");
            }
            approvals.withdraw(handle, id, admin.actor(), clock.instant());
            record(
                    handle,
                    "approval.withdraw",
                    approval,
                    approvals.lock(handle, id).orElseThrow(),
                    admin);
        });
    }

    private TenantId tenantOf(UUID id) {
        return database.acrossTenants(relay -> approvals.tenantOf(relay, id)).orElseThrow(ApprovalService::unknown);
    }

    private static Problem unknown() {
        return new Problem(ApprovalProblem.APPROVAL_NOT_FOUND);
    }

    private void record(Handle handle, String action, Approval before, @Nullable Approval after, Caller caller) {
        audit.record(
                handle,
                caller,
                before.tenantId(),
                new AuditEntry(
                        action,
                        "approval",
                        before.id().toString(),
                        after == null ? null : before,
                        after == null ? before : after,
                        before.reason()));
    }
}
