package dev.parley.agent.catalogue;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.UUID;

/** The catalogue for other services. */
@Path("/internal/agents")
@RunOnVirtualThread
public class AgentInternalResource {
    private final AgentService agents;

    AgentInternalResource(AgentService agents) {
        this.agents = agents;
    }

    /** Lists the agents that are not disabled. */
    @GET
    @RolesAllowed(Caller.SERVICE)
    public Page<KnownAgent> list() {
        return new Page<>(agents.listActive().stream().map(KnownAgent::from).toList(), null);
    }

    /** An agent by id and slug; ready when it has an active prompt version. */
    public record KnownAgent(UUID id, String slug, String name, boolean ready) {
        static KnownAgent from(Agent agent) {
            return new KnownAgent(agent.id(), agent.slug(), agent.name(), agent.ready());
        }
    }
}
