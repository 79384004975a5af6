package dev.parley.agent.catalogue;

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
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins keep the catalogue of agents here. */
@Path("/api/v1/admin/agents")
@RolesAllowed(Caller.PLATFORM_ADMIN)
@RunOnVirtualThread
public class AgentAdminResource {
    private final AgentService agents;
    private final CurrentCaller caller;

    AgentAdminResource(AgentService agents, CurrentCaller caller) {
        this.agents = agents;
        this.caller = caller;
    }

    /** Lists all agents, disabled ones too, by slug. */
    @GET
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Page<Agent> list(@QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return agents.list(cursor, limit);
    }

    /** One agent. */
    @GET
    @Path("{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Agent get(UUID id) {
        return agents.get(id);
    }

    /** Adds an agent. */
    @POST
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Agent create(@Valid @NotNull CreateAgentRequest request) {
        return agents.create(caller.get(), request);
    }

    /** Changes name, description or status. */
    @PATCH
    @Path("{id}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    public Agent update(UUID id, @Valid @NotNull UpdateAgentRequest request) {
        return agents.update(caller.get(), id, request);
    }
}
