package dev.parley.auth.audit;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The platform's own trail: its catalogue, its plans, and the lists its staff looked at. */
@Path("/api/v1/admin/audit-log")
@RunOnVirtualThread
@Tag(name = "Platform admin")
public class AdminAuditLogResource {
    private final AuditLogService trail;

    AdminAuditLogResource(AuditLogService trail) {
        this.trail = trail;
    }

    /** Lists entries, the newest first. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Show the platform's own audit trail")
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
        return trail.list(TenantId.PLATFORM, filter, AuditLogService.place(cursor), Cursor.limit(limit));
    }
}
