package dev.parley.agent.httptool;

import dev.parley.platform.paging.Page;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A tenant's admins keep its own functions for agents here. */
@Path("/api/v1/tools")
@RunOnVirtualThread
public class HttpToolResource {
    private final HttpToolService tools;
    private final HttpToolFlow flow;
    private final CurrentCaller caller;

    HttpToolResource(HttpToolService tools, HttpToolFlow flow, CurrentCaller caller) {
        this.tools = tools;
        this.flow = flow;
        this.caller = caller;
    }

    /** Lists the functions by name; there are few. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "List the organisation's own functions for agents")
    public Page<HttpToolView> list() {
        return new Page<>(tools.list(caller.get().tenant()), null);
    }

    /** Shows a function. */
    @GET
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Show one of the organisation's own functions for agents")
    public HttpToolView get(UUID id) {
        return tools.get(caller.get().tenant(), id);
    }

    /** Adds a function; agents may call it when their configuration names it. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Add a function for agents that calls an address of the organisation's")
    public HttpToolView create(@Valid @NotNull CreateToolRequest request) {
        return flow.create(caller.get(), request);
    }

    /** Changes a function, from the next call on. */
    @PATCH
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Change one of the organisation's own functions for agents")
    public HttpToolView change(UUID id, @Valid @NotNull ChangeToolRequest request) {
        return flow.change(caller.get(), id, request);
    }

    /** Removes a function; what waits for an approval of it can be carried out no more. */
    @DELETE
    @Path("/{id}")
    @RolesAllowed("admin")
    @Operation(summary = "Remove one of the organisation's own functions for agents")
    public void remove(UUID id) {
        tools.remove(caller.get(), id);
    }
}
