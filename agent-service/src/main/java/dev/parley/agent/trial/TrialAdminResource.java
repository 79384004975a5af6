package dev.parley.agent.trial;

import dev.parley.agent.prompt.golden.Trial;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins try prompt versions here. */
@Path("/api/v1/admin/agents/{id}")
@RolesAllowed(Caller.PLATFORM_ADMIN)
@RunOnVirtualThread
public class TrialAdminResource {
    private final TrialFlow trials;
    private final CurrentCaller caller;

    TrialAdminResource(TrialFlow trials, CurrentCaller caller) {
        this.trials = trials;
        this.caller = caller;
    }

    /** Begins a trial on the agent's golden conversations; look at it until it is no longer running. */
    @POST
    @Path("prompt-versions/{number: \\d{1,9}}/trial")
    @ResponseStatus(202)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Begins a trial of a version on the agent's golden conversations")
    public Trial begin(UUID id, int number) {
        return trials.begin(caller.get(), id, number);
    }

    /** The latest trial. */
    @GET
    @Path("prompt-versions/{number: \\d{1,9}}/trial")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Shows the latest trial of a version")
    public Trial latest(UUID id, int number) {
        return trials.latest(id, number);
    }

    /** Answers with the version, without releasing or storing anything. */
    @POST
    @Path("prompt-versions/{number: \\d{1,9}}/try")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Answers messages with a version, whatever its status")
    public TryResponse tryOut(UUID id, int number, @Valid @NotNull TryRequest request) {
        return trials.tryOut(id, number, request);
    }
}
