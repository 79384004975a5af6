package dev.parley.agent.approval;

import dev.parley.agent.tool.Approvals;
import dev.parley.agent.tool.Wish;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Lets an agent do what a person approved: exactly that, once, in the same conversation, within its time. */
@ApplicationScoped
public class ToolApprovalService implements Approvals {
    private final Database database;
    private final ToolApprovalRepository approvals;
    private final Audit audit;
    private final ApprovalConfig config;

    ToolApprovalService(Database database, ToolApprovalRepository approvals, Audit audit, ApprovalConfig config) {
        this.database = database;
        this.approvals = approvals;
        this.audit = audit;
        this.config = config;
    }

    @Override
    public boolean take(TenantId tenant, Wish wish) {
        return database.inTenant(tenant, handle -> {
            if (approvals.use(handle, tenant, wish)) {
                return true;
            }
            approvals.ask(handle, tenant, Ids.next(), wish, config.waits());
            return false;
        });
    }

    /** What was asked for, newest first. */
    Page<ToolApproval> list(TenantId tenant, String status, String cursor, Integer limit) {
        int size = Cursor.limit(limit);
        UUID before = Cursor.decodeId(cursor);
        return Page.of(
                database.inTenant(tenant, handle -> approvals.list(handle, tenant, status, before, size + 1)),
                size,
                approval -> approval.id().toString());
    }

    /** Decides; 404 when there is no such wish, 409 when it does not wait any more. */
    ToolApproval decide(Caller caller, UUID id, boolean approved) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            ToolApproval before =
                    approvals.find(handle, tenant, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            String status = approved ? "approved" : "rejected";
            if (!approvals.decide(handle, tenant, id, status, caller.actor(), config.holds())) {
                throw new Problem(ApprovalProblem.TOOL_APPROVAL_CLOSED).detail("It is " + before.status() + ".");
            }
            ToolApproval after = approvals.find(handle, tenant, id).orElseThrow();
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(
                            approved ? "tool-approval.approve" : "tool-approval.reject",
                            "tool-approval",
                            id.toString(),
                            before,
                            after,
                            null));
            return after;
        });
    }
}
