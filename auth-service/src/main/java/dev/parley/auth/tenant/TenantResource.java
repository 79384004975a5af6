package dev.parley.auth.tenant;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;

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

    /** Changes its name or settings; for admins and owners. Region and retention are for owners. */
    @PATCH
    @RolesAllowed("admin")
    @Operation(summary = "Change the own tenant")
    public TenantResponse change(@Valid @NotNull ChangeTenantRequest request) {
        return tenants.change(caller.get(), request);
    }

    /** Deletes it; for owners, who can bring it back for 30 days. */
    @DELETE
    @ResponseStatus(202)
    @RolesAllowed("owner")
    @Operation(summary = "Delete the own tenant")
    public TenantResponse delete(@Valid @NotNull DeleteTenantRequest request) {
        return tenants.delete(caller.get(), request.confirmation());
    }

    /** Brings it back after a deletion; for owners who select it with X-Tenant-ID. */
    @POST
    @Path("/restoration")
    @RolesAllowed("restorer")
    @Operation(summary = "Bring the own tenant back")
    public TenantResponse bringBack() {
        return tenants.bringBack(caller.get());
    }
}
