package dev.parley.auth.audit;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

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
    public Page<AuditLogResponse> list(@BeanParam AuditLogQuery query) {
        return trail.list(caller.get().tenant(), query.filter(), query.place(), query.most());
    }
}
