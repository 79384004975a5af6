package dev.parley.agent.approval;

import dev.parley.agent.tool.ToolBox;
import dev.parley.agent.tool.ToolContext;
import dev.parley.agent.tool.ToolEffects;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;

/**
 * Carries out what a person approves: with the arguments that were shown, for the tenant and conversation that they were
 * asked in, by the very function that they were asked for, and once. Where nobody can tell whether it was done, as when
 * this process dies meanwhile, nobody does it again by itself: it is shown as unknown.
 */
@ApplicationScoped
class ToolApprovalFlow {
    private final ToolApprovalService approvals;
    private final ToolBox tools;

    ToolApprovalFlow(ToolApprovalService approvals, ToolBox tools) {
        this.approvals = approvals;
        this.tools = tools;
    }

    /** Approves and carries out; returns what came of it. 404 when there is no such wish, 409 when it does not wait. */
    ToolApproval approve(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        ToolApprovalService.Approved decided = approvals.approve(caller, id);
        ToolApproval approved = decided.wish();
        ToolContext context = new ToolContext(
                tenant,
                Objects.requireNonNullElse(approved.operationId(), id),
                id,
                approved.conversationId(),
                approved.agent(),
                approved.channel(),
                new ToolEffects());
        return approvals.finish(
                tenant, approved, tools.carryOut(context, approved.tool(), decided.version(), approved.arguments()));
    }
}
