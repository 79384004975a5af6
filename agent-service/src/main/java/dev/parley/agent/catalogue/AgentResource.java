package dev.parley.agent.catalogue;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The agents on offer to the caller's tenant. */
@Path("/api/v1/agents")
@RunOnVirtualThread
public class AgentResource {
    private final OfferFlow offers;
    private final CurrentCaller caller;

    AgentResource(OfferFlow offers, CurrentCaller caller) {
        this.offers = offers;
        this.caller = caller;
    }

    /** Lists the agents, each with whether the tenant may use it and, if not, why. */
    @GET
    @RolesAllowed({"member", "scope:read", "scope:chat"})
    public Page<OfferedAgent> list() {
        return offers.offeredTo(caller.get().tenant());
    }
}
