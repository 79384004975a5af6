package dev.parley.agent.trial;

import dev.parley.agent.prompt.golden.Trial;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** A tenant tries its own prompt versions here. */
@Path("/api/v1/agents/{slug}/prompt-versions/{number: \\d{1,9}}/trial")
@RunOnVirtualThread
public class OwnTrialResource {
    private final TrialFlow trials;
    private final CurrentCaller caller;

    OwnTrialResource(TrialFlow trials, CurrentCaller caller) {
        this.trials = trials;
        this.caller = caller;
    }

    /** Begins a trial on the tenant's golden conversations; look at it until it is no longer running. */
    @POST
    @ResponseStatus(202)
    @RolesAllowed("admin")
    @Operation(
            summary =
                    "Begins a trial of a version on the tenant's golden conversations; needs the feature custom_prompts")
    public Trial begin(String slug, int number) {
        return trials.beginOwn(caller.get(), slug, number);
    }

    /** The latest trial. */
    @GET
    @RolesAllowed("admin")
    @Operation(summary = "Shows the latest trial of one of the tenant's own prompt versions")
    public Trial latest(String slug, int number) {
        return trials.latestOwn(caller.get().tenant(), slug, number);
    }
}
