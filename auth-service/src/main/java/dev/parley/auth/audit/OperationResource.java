package dev.parley.auth.audit;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells channel-service this service's part of an operation. */
@Path("/internal/operations")
@RunOnVirtualThread
@Tag(name = "Internal")
public class OperationResource {
    private final AuditLogService trail;
    private final CurrentCaller caller;

    OperationResource(AuditLogService trail, CurrentCaller caller) {
        this.trail = trail;
        this.caller = caller;
    }

    /** The audited steps, oldest first; none when nothing was audited. */
    @GET
    @Path("/{id}")
    @RolesAllowed(Caller.SERVICE)
    @Operation(summary = "Audited steps of an operation")
    public OperationResponse steps(@PathParam("id") UUID id) {
        return trail.operation(caller.get(), id);
    }
}
