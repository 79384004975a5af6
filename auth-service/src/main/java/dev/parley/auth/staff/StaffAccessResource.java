package dev.parley.auth.staff;

import dev.parley.auth.audit.AuditLogService;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The looks of Parley's staff at the caller's tenant; for admins and owners. */
@Path("/api/v1/staff-access")
@RunOnVirtualThread
@Tag(name = "Audit")
public class StaffAccessResource {
    private final StaffAccessService looks;
    private final CurrentCaller caller;

    StaffAccessResource(StaffAccessService looks, CurrentCaller caller) {
        this.looks = looks;
        this.caller = caller;
    }

    /** Lists what staff did and looked at, the newest first, and the grants that are open now. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Show the access of Parley's staff")
    public StaffAccessResponse list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return looks.list(caller.get(), AuditLogService.place(cursor), Cursor.limit(limit));
    }
}
