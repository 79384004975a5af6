package dev.parley.agent.approval;

import dev.parley.agent.tool.Approvals;
import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.Wish;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps what agents want to do and what people decided: exactly that is done, once, when it is approved. */
@ApplicationScoped
public class ToolApprovalService implements Approvals {
    private static final int MOST_TOLD = 5;
    private static final String DONE = "done";
    private static final String FAILED = "failed";
    private static final String UNKNOWN =
            "A person approved this before. Whether it was carried out is not known, and people look at it: tell the"
                    + " customer so, and do not call it again for this.";

    private final Database database;
    private final ToolApprovalRepository approvals;
    private final Outbox outbox;
    private final Audit audit;
    private final ApprovalConfig config;

    ToolApprovalService(
            Database database, ToolApprovalRepository approvals, Outbox outbox, Audit audit, ApprovalConfig config) {
        this.database = database;
        this.approvals = approvals;
        this.outbox = outbox;
        this.audit = audit;
        this.config = config;
    }

    /**
     * A wish that was approved.
     *
     * @param version which function it was shown for
     */
    record Approved(ToolApproval wish, String version) {}

    @Override
    public Answer ask(TenantId tenant, Wish wish) {
        return database.inTenant(tenant, handle -> {
            approvals.lock(handle, tenant, wish.conversationId());
            Optional<ToolApproval> before = approvals.give(handle, tenant, wish, config.told());
            if (before.isPresent()) {
                return new Answer(State.DONE, result(before.get()));
            }
            if (approvals.underWay(handle, tenant, wish)) {
                return new Answer(State.UNDER_WAY, null);
            }
            if (approvals.othersWaiting(handle, tenant, wish) >= config.mostPending()) {
                return new Answer(State.TOO_MANY, null);
            }
            approvals
                    .ask(handle, tenant, Ids.next(), wish, config.waits())
                    .ifPresent(asked -> outbox.append(handle, tenant, requested(tenant, asked)));
            return Answer.ASKED;
        });
    }

    private static ToolBox.Result result(ToolApproval ended) {
        if (ended.outcome() == null) {
            return new ToolBox.Result(ToolBox.Outcome.UNKNOWN, UNKNOWN);
        }
        return new ToolBox.Result(
                ended.outcome().equals(DONE) ? ToolBox.Outcome.DONE : ToolBox.Outcome.FAILED, ended.result());
    }

    private static ApprovalRequested requested(TenantId tenant, ToolApproval asked) {
        return new ApprovalRequested(
                tenant,
                asked.id(),
                asked.conversationId(),
                asked.operationId(),
                asked.agent(),
                asked.channel(),
                asked.tool(),
                asked.expiresAt(),
                asked.createdAt());
    }

    @Override
    public List<Decided> recent(TenantId tenant, String conversationId, String agent) {
        return database
                .inTenant(
                        tenant,
                        handle -> approvals.recent(handle, tenant, conversationId, agent, config.told(), MOST_TOLD))
                .stream()
                .filter(decided -> !decided.status().equals("approved"))
                .map(decided -> new Decided(
                        decided.tool(),
                        decided.arguments(),
                        decided.outcome() == null ? decided.status() : decided.outcome(),
                        decided.result(),
                        decided.decidedAt()))
                .toList();
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

    /** Rejects; 404 when there is no such wish, 409 when it does not wait any more. */
    ToolApproval reject(Caller caller, UUID id) {
        return decide(caller, id, "rejected", "tool-approval.reject").wish();
    }

    /** Approves, for the caller to carry it out; 404 and 409 as {@link #reject}. One caller only gets it. */
    Approved approve(Caller caller, UUID id) {
        return decide(caller, id, "approved", "tool-approval.approve");
    }

    private Approved decide(Caller caller, UUID id, String status, String action) {
        TenantId tenant = caller.tenant();
        return database.inTenant(tenant, handle -> {
            String conversation = approvals
                    .find(handle, tenant, id)
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND))
                    .conversationId();
            approvals.lock(handle, tenant, conversation);
            ToolApproval before = approvals.find(handle, tenant, id).orElseThrow();
            if (!approvals.decide(handle, tenant, id, status, caller.actor(), config.takes())) {
                throw new Problem(ApprovalProblem.TOOL_APPROVAL_CLOSED).detail("It is " + before.status() + ".");
            }
            ToolApproval after = approvals.find(handle, tenant, id).orElseThrow();
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry(action, "tool-approval", id.toString(), before, after, null));
            if (status.equals("rejected")) {
                tell(handle, tenant, after, status, after.decidedAt());
            }
            return new Approved(after, approvals.version(handle, tenant, id));
        });
    }

    /** Keeps what came of what was approved, and tells of it; where nobody can tell, the wish stays without an outcome. */
    ToolApproval finish(TenantId tenant, ToolApproval approved, ToolBox.Result result) {
        UUID id = approved.id();
        return database.inTenant(tenant, handle -> {
            approvals.lock(handle, tenant, approved.conversationId());
            if (result.outcome() == ToolBox.Outcome.UNKNOWN) {
                approvals.leaveUnknown(handle, tenant, id, result.text());
                return approvals.find(handle, tenant, id).orElseThrow();
            }
            String outcome = result.outcome() == ToolBox.Outcome.DONE ? DONE : FAILED;
            boolean first = approvals.finish(handle, tenant, id, outcome, result.text());
            ToolApproval after = approvals.find(handle, tenant, id).orElseThrow();
            if (first) {
                tell(handle, tenant, after, outcome, after.usedAt());
            }
            return after;
        });
    }

    private void tell(Handle handle, TenantId tenant, ToolApproval decided, String state, Instant at) {
        outbox.append(
                handle,
                tenant,
                new ApprovalDecided(
                        tenant,
                        decided.id(),
                        decided.conversationId(),
                        decided.operationId(),
                        decided.agent(),
                        decided.channel(),
                        decided.tool(),
                        state,
                        decided.decidedBy(),
                        at));
    }
}
