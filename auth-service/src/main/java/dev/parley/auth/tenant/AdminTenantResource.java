package dev.parley.auth.tenant;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import dev.parley.platform.tenancy.TenantId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tenants for Parley's staff: a look needs a reason, and the tenant sees who looked and why. */
@Path("/api/v1/admin/tenants")
@RunOnVirtualThread
@RolesAllowed(Caller.PLATFORM_ADMIN)
@Tag(name = "Platform admin")
public class AdminTenantResource {
    private final TenantService tenants;
    private final CurrentCaller caller;

    AdminTenantResource(TenantService tenants, CurrentCaller caller) {
        this.tenants = tenants;
        this.caller = caller;
    }

    /** Lists all tenants or those that a name or an id finds, oldest first; the header X-Access-Reason is required. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "List tenants")
    public Page<AdminTenantResponse> list(
            @Nullable @QueryParam("q") String search,
            @Nullable @QueryParam("cursor") String cursor,
            @Nullable @QueryParam("limit") Integer limit,
            @Nullable @HeaderParam(AccessReason.REASON_HEADER) String reason,
            @Nullable @HeaderParam(AccessReason.TICKET_HEADER) String ticket) {
        return tenants.list(
                caller.get(), search, Cursor.decodeId(cursor), Cursor.limit(limit), AccessReason.of(reason, ticket));
    }

    /** Shows one tenant; the header X-Access-Reason is required. */
    @GET
    @Path("/{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Look at a tenant")
    public AdminTenantResponse look(
            @PathParam("id") UUID id,
            @Nullable @HeaderParam(AccessReason.REASON_HEADER) String reason,
            @Nullable @HeaderParam(AccessReason.TICKET_HEADER) String ticket) {
        return tenants.look(caller.get(), new TenantId(id), AccessReason.of(reason, ticket));
    }

    /** Suspends a tenant. */
    @POST
    @Path("/{id}/suspension")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Suspend a tenant")
    public AdminTenantResponse suspend(@PathParam("id") UUID id, @Valid @NotNull SuspendTenantRequest request) {
        return tenants.suspend(caller.get(), new TenantId(id), request.reason());
    }

    /** Restores a suspended tenant; the body or the header X-Access-Reason says why, and one of them is required. */
    @DELETE
    @Path("/{id}/suspension")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Restore a tenant")
    public void restore(
            @PathParam("id") UUID id,
            @Nullable @HeaderParam(AccessReason.REASON_HEADER) String reason,
            @Nullable @Valid SuspendTenantRequest request) {
        AccessReason why = AccessReason.of(request == null ? reason : request.reason(), null);
        tenants.restore(caller.get(), new TenantId(id), why.reason());
    }
}
