package dev.parley.policy.decision;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** Decisions for other services. */
@Path("/internal")
@RunOnVirtualThread
public class DecisionResource {
    private final DecisionService decisions;
    private final CurrentCaller caller;

    DecisionResource(DecisionService decisions, CurrentCaller caller) {
        this.decisions = decisions;
        this.caller = caller;
    }

    /** Decides about an operation and reserves what it may cost; a refusal is an answer with {@code allow: false}. */
    @POST
    @Path("/decisions")
    @RolesAllowed("service")
    public DecisionResponse decide(@NotNull @Valid DecisionRequest request) {
        return decisions.decide(caller.get().tenant(), request);
    }

    /** Says which agents the tenant may use. */
    @POST
    @Path("/decisions/agents")
    @RolesAllowed("service")
    public AgentsResponse agents(@NotNull @Valid AgentsRequest request) {
        return decisions.agents(caller.get().tenant(), request);
    }

    /** What this service did for an operation; no steps when it did nothing. */
    @GET
    @Path("/operations/{operationId}")
    @RolesAllowed("service")
    public OperationResponse operation(@PathParam("operationId") UUID operationId) {
        return decisions.operation(caller.get().tenant(), operationId);
    }
}
