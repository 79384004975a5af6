package dev.parley.auth.audit;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail of the caller's tenant; for admins and owners. */
@Path("/api/v1/audit-log")
@RunOnVirtualThread
@Tag(name = "Audit")
public class AuditLogResource {
    private final AuditLogService trail;
    private final CurrentCaller caller;

    AuditLogResource(AuditLogService trail, CurrentCaller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    /** Lists entries, the newest first. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Show the audit trail")
    public Page<AuditLogResponse> list(
            @Nullable @QueryParam("from") String from,
            @Nullable @QueryParam("to") String to,
            @Nullable @QueryParam("actor") String actor,
            @Nullable @QueryParam("action") String action,
            @Nullable @QueryParam("resource_type") String resourceType,
            @Nullable @QueryParam("resource_id") String resourceId,
            @Nullable @QueryParam("q") String text,
            @Nullable @QueryParam("cursor") String cursor,
            @Nullable @QueryParam("limit") Integer limit) {
        AuditFilter filter = new AuditFilter(
                AuditFilter.time("from", from),
                AuditFilter.time("to", to),
                actor,
                action,
                resourceType,
                resourceId,
                text);
        return trail.list(caller.get().tenant(), filter, AuditLogService.place(cursor), Cursor.limit(limit));
    }
}
