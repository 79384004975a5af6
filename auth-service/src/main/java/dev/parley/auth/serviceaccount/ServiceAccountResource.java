package dev.parley.auth.serviceaccount;

import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Service accounts of the caller's tenant; for admins and owners. */
@Path("/api/v1/service-accounts")
@RunOnVirtualThread
@Tag(name = "API keys")
public class ServiceAccountResource {
    private final ServiceAccountService accounts;
    private final CurrentCaller caller;

    ServiceAccountResource(ServiceAccountService accounts, CurrentCaller caller) {
        this.accounts = accounts;
        this.caller = caller;
    }

    /** Makes a service account. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Make a service account")
    public ServiceAccountResponse create(@Valid @NotNull CreateServiceAccountRequest request) {
        return accounts.create(caller.get(), request);
    }

    /** Lists the service accounts that are not disabled. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List service accounts")
    public Page<ServiceAccountResponse> list(
            @Nullable @QueryParam("cursor") String cursor, @Nullable @QueryParam("limit") Integer limit) {
        return accounts.list(caller.get(), Cursor.decodeId(cursor), Cursor.limit(limit));
    }

    /** Disables a service account; its keys are refused everywhere within two seconds. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Disable a service account")
    public void disable(@PathParam("id") UUID id) {
        accounts.disable(caller.get(), id);
    }
}
