package dev.parley.agent.provider;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins keep the LLM providers here. */
@Path("/api/v1/admin/providers")
@RunOnVirtualThread
public class ProviderAdminResource {
    private final ProviderCatalogue providers;
    private final CurrentCaller caller;

    ProviderAdminResource(ProviderCatalogue providers, CurrentCaller caller) {
        this.providers = providers;
        this.caller = caller;
    }

    /** Lists the providers, without their keys. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<ProviderView> list(@QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return providers.list(cursor, limit);
    }

    /** Adds a provider; its key is not shown again. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public ProviderView create(@Valid @NotNull CreateProviderRequest request) {
        return providers.create(caller.get(), request);
    }

    /** Changes a provider; what is left out stays. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Change an LLM provider")
    public ProviderView change(UUID id, @Valid @NotNull UpdateProviderRequest request) {
        return providers.change(caller.get(), id, request);
    }
}
