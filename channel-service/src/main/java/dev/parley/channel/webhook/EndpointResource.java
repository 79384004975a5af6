package dev.parley.channel.webhook;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Where a tenant's own systems are told what happens; for admins, and keys with the scope write. */
@Path("/api/v1/webhook-endpoints")
@RunOnVirtualThread
public class EndpointResource {
    private final EndpointFlow flow;
    private final EndpointService endpoints;
    private final CurrentCaller caller;

    EndpointResource(EndpointFlow flow, EndpointService endpoints, CurrentCaller caller) {
        this.flow = flow;
        this.endpoints = endpoints;
        this.caller = caller;
    }

    /** Adds an endpoint. */
    @POST
    @RolesAllowed("scope:write")
    @Operation(summary = "Add an endpoint; the answer shows its secret once")
    public Response create(@NotNull @Valid CreateEndpointRequest request) {
        return Response.status(Response.Status.CREATED)
                .entity(flow.create(caller.get(), request))
                .build();
    }

    /** Lists endpoints, latest first. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List endpoints, latest first")
    public Page<EndpointResponse> list(@QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return endpoints.list(caller.get(), cursor, limit);
    }

    /** Shows one endpoint. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Show an endpoint")
    public EndpointResponse get(@PathParam("id") UUID id) {
        return endpoints.get(caller.get(), id);
    }

    /** Changes an endpoint. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed("scope:write")
    @Operation(summary = "Change, disable or enable an endpoint")
    public EndpointResponse change(@PathParam("id") UUID id, @NotNull @Valid ChangeEndpointRequest request) {
        return flow.change(caller.get(), id, request);
    }

    /** Deletes an endpoint. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("scope:write")
    @Operation(summary = "Delete an endpoint; nothing more is sent to it")
    public void delete(@PathParam("id") UUID id) {
        endpoints.delete(caller.get(), id);
    }

    /** Gives an endpoint a new secret. */
    @POST
    @Path("/{id}/secret-rotation")
    @RolesAllowed("scope:write")
    @Operation(summary = "Make a new secret; the one before signs too for a day, unless it is revoked")
    public EndpointResponse rotate(
            @PathParam("id") UUID id,
            @QueryParam("previous") @Nullable @Pattern(regexp = "sign|revoke", message = "must be sign or revoke")
                    String previous) {
        return endpoints.rotate(caller.get(), id, "revoke".equals(previous));
    }
}
