package dev.parley.policy.decision;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

/** Tells people and partners why something is allowed or refused. */
@Path("/api/v1/policy/explain")
@RunOnVirtualThread
public class ExplanationResource {
    private final DecisionService decisions;
    private final CurrentCaller caller;

    ExplanationResource(DecisionService decisions, CurrentCaller caller) {
        this.decisions = decisions;
        this.caller = caller;
    }

    /** The decision as it would be now; nothing is held, charged or counted. */
    @POST
    @RolesAllowed({"member", "scope:read"})
    public ExplainResponse explain(@NotNull @Valid ExplainRequest request) {
        return decisions.explain(caller.get().tenant(), request);
    }
}
