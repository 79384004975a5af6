package dev.parley.auth.staff;

import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Break-glass: how Parley's staff gets at individual records, for a while and in the tenant's sight. */
@Path("/api/v1/admin/tenants/{id}/break-glass")
@RunOnVirtualThread
@Tag(name = "Platform admin")
public class OpenBreakGlassResource {
    private final BreakGlassService grants;
    private final CurrentCaller caller;

    OpenBreakGlassResource(BreakGlassService grants, CurrentCaller caller) {
        this.grants = grants;
        this.caller = caller;
    }

    /** Opens a grant for half an hour; reading then needs the header X-Tenant-ID. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Open a break-glass grant")
    public BreakGlassResponse open(@PathParam("id") UUID id, @Valid @NotNull OpenBreakGlassRequest request) {
        return grants.open(caller.get(), new TenantId(id), request);
    }
}
