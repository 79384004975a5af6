package dev.parley.agent.run;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A tenant's admins look at what made a reply, and make it again. */
@Path("/api/v1/runs/{id}")
@RunOnVirtualThread
public class RunHistoryResource {
    private final RerunFlow flow;
    private final CurrentCaller caller;

    RunHistoryResource(RerunFlow flow, CurrentCaller caller) {
        this.flow = flow;
        this.caller = caller;
    }

    /** A run by its operation: what was asked, who answered, what it used. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Get the run of an operation")
    public RunView get(UUID id) {
        return flow.get(caller.get(), id);
    }

    /** Asks the very same again: metered as any run, and sent to nobody. */
    @POST
    @Path("/rerun")
    @ResponseStatus(201)
    @RolesAllowed("admin")
    @Operation(summary = "Make a run again with the same prompt, model, parameters and context")
    public RunView rerun(UUID id) {
        return flow.rerun(caller.get(), id);
    }
}
