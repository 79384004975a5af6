package dev.parley.auth.tenant;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The caller's own tenant. */
@Path("/api/v1/tenant")
@RunOnVirtualThread
@Tag(name = "Tenant")
public class TenantResource {
    private final TenantService tenants;
    private final CurrentCaller caller;

    TenantResource(TenantService tenants, CurrentCaller caller) {
        this.tenants = tenants;
        this.caller = caller;
    }

    /** Shows it. */
    @GET
    @RolesAllowed("scope:read")
    @Operation(summary = "Show the own tenant")
    public TenantResponse show() {
        return tenants.own(caller.get());
    }

    /** Changes its name or settings; for admins and owners. */
    @PATCH
    @RolesAllowed("admin")
    @Operation(summary = "Change the own tenant")
    public TenantResponse change(@Valid @NotNull ChangeTenantRequest request) {
        return tenants.change(caller.get(), request);
    }
}
