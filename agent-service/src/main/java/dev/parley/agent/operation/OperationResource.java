package dev.parley.agent.operation;

import dev.parley.agent.run.RunService;
import dev.parley.agent.run.RunStep;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.UUID;

/** Tells channel-service this service's part of an operation. */
@Path("/internal/operations/{operation}")
@RunOnVirtualThread
public class OperationResource {
    private final RunService runs;
    private final CurrentCaller caller;

    OperationResource(RunService runs, CurrentCaller caller) {
        this.runs = runs;
        this.caller = caller;
    }

    /** The steps, oldest first; none when this service had no part in it. */
    @GET
    @RolesAllowed(Caller.SERVICE)
    public Steps steps(UUID operation) {
        return new Steps(runs.steps(caller.get().tenant(), operation));
    }

    /** The steps of one service. */
    public record Steps(List<RunStep> steps) {}
}
