package dev.parley.billing.approval;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** What waits for a second admin. */
@Path("/api/v1/admin/approvals")
@RunOnVirtualThread
public class ApprovalResource {
    private final ApprovalService approvals;
    private final CurrentCaller caller;

    ApprovalResource(ApprovalService approvals, CurrentCaller caller) {
        this.approvals = approvals;
        this.caller = caller;
    }

    /** Lists approvals of all tenants, newest first; {@code status} is waiting, approved or withdrawn. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List changes that wait for a second admin")
    public Page<Approval> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @Nullable Integer limit) {
        return approvals.list(status, cursor, limit);
    }

    /** Agrees and makes the change, once. 403 for the admin who asked for it, 409 when it waits no more. */
    @POST
    @Path("/{id}/approval")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Agree to another admin's change")
    public Approval approve(@PathParam("id") UUID id) {
        return approvals.approve(id, caller.get());
    }

    /** Takes a change that waits back; 409 when it was made. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Take a change back that waits")
    public void withdraw(@PathParam("id") UUID id) {
        approvals.withdraw(id, caller.get());
    }
}
