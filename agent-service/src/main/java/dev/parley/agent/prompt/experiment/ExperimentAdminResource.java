package dev.parley.agent.prompt.experiment;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Platform admins compare versions on real conversations here, and say how released ones are watched. */
@Path("/api/v1/admin/agents/{id}")
@RolesAllowed(Caller.PLATFORM_ADMIN)
@RunOnVirtualThread
public class ExperimentAdminResource {
    private final ExperimentService experiments;
    private final GuardService guards;
    private final CurrentCaller caller;

    ExperimentAdminResource(ExperimentService experiments, GuardService guards, CurrentCaller caller) {
        this.experiments = experiments;
        this.guards = guards;
        this.caller = caller;
    }

    /** Lists the experiments of an agent with their figures, newest first. */
    @GET
    @Path("experiments")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Lists an agent's experiments with the figures of each arm")
    public Page<ExperimentView> list(UUID id, @QueryParam("cursor") String cursor, @QueryParam("limit") Integer limit) {
        return experiments.list(id, cursor, limit);
    }

    /** Begins one. */
    @POST
    @Path("experiments")
    @ResponseStatus(201)
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Lets versions answer side by side")
    public ExperimentView begin(UUID id, @Valid @NotNull ExperimentRequest request) {
        return experiments.begin(caller.get(), id, request);
    }

    /** One of them. */
    @GET
    @Path("experiments/{experiment}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Shows an experiment with the figures of each arm")
    public ExperimentView get(UUID id, UUID experiment) {
        return experiments.get(id, experiment);
    }

    /** Ends one: the control answers again. */
    @DELETE
    @Path("experiments/{experiment}")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Stops an experiment: the active version answers alone again")
    public ExperimentView stop(UUID id, UUID experiment, @QueryParam("reason") @Size(max = 500) String reason) {
        return experiments.stop(caller.get(), id, experiment, reason);
    }

    /** Ends one and releases the version that won. */
    @POST
    @Path("experiments/{experiment}/promotion")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Ends an experiment and activates one of its versions")
    public ExperimentView promote(UUID id, UUID experiment, @Valid @NotNull Promotion promotion) {
        return experiments.promote(caller.get(), id, experiment, promotion.number());
    }

    /** The version that won. */
    public record Promotion(@Positive int number) {}

    /** How released versions are watched. */
    @GET
    @Path("guard")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Shows how an agent's versions are watched after their activation")
    public AgentGuard guard(UUID id) {
        return guards.get(id);
    }

    /** Lets released versions be watched. */
    @PUT
    @Path("guard")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Lets an agent's versions be watched after their activation, and rolled back")
    public AgentGuard putGuard(UUID id, @Valid @NotNull GuardRequest request) {
        return guards.put(caller.get(), id, request);
    }

    /** No longer watches them. */
    @DELETE
    @Path("guard")
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "No longer watches an agent's versions")
    public void removeGuard(UUID id) {
        guards.remove(caller.get(), id);
    }
}
