package dev.parley.auth.audit;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

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
    public Page<AuditLogResponse> list(@BeanParam AuditLogQuery query) {
        return trail.list(TenantId.PLATFORM, query.filter(), query.place(), query.most());
    }
}
