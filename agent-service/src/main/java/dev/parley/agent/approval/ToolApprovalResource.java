package dev.parley.agent.approval;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** A tenant's admins decide here on what its agents want to do. */
@Path("/api/v1/tool-approvals")
@RunOnVirtualThread
public class ToolApprovalResource {
    private final ToolApprovalService approvals;
    private final ToolApprovalFlow flow;
    private final CurrentCaller caller;

    ToolApprovalResource(ToolApprovalService approvals, ToolApprovalFlow flow, CurrentCaller caller) {
        this.approvals = approvals;
        this.flow = flow;
        this.caller = caller;
    }

    /** Lists what agents asked for, newest first. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List the calls of functions that agents want approved")
    public Page<ToolApproval> list(
            @QueryParam("status") @Pattern(regexp = "pending|approved|rejected|used|unknown|expired") String status,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        return approvals.list(caller.get().tenant(), status, cursor, limit);
    }

    /** Approves a call: it is carried out now, once, with exactly these arguments; the agent is told when it answers next. */
    @POST
    @Path("/{id}/approve")
    @RolesAllowed("admin")
    @Operation(summary = "Approve a call of a function: it is carried out at once, with exactly its arguments")
    public ToolApproval approve(UUID id) {
        return flow.approve(caller.get(), id);
    }

    /** Rejects a call. */
    @POST
    @Path("/{id}/reject")
    @RolesAllowed("admin")
    @Operation(summary = "Reject a call of a function")
    public ToolApproval reject(UUID id) {
        return approvals.reject(caller.get(), id);
    }
}
