package dev.parley.policy.simulation;

import dev.parley.platform.audit.AccessReason;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** Tries a plan or rules on what really happened, before they are published. */
@Path("/api/v1/policy/simulate")
@RunOnVirtualThread
public class SimulationResource {
    private final SimulationService simulations;
    private final CurrentCaller caller;

    SimulationResource(SimulationService simulations, CurrentCaller caller) {
        this.simulations = simulations;
        this.caller = caller;
    }

    /** Makes the decisions of that time again under the draft; nothing is held, charged, counted or logged. */
    @POST
    @RolesAllowed(Caller.PLATFORM_ADMIN)
    @Operation(summary = "Try a drafted plan or drafted rules on the decision log")
    public SimulationResponse simulate(
            @HeaderParam(AccessReason.REASON_HEADER) @Nullable String reason,
            @HeaderParam(AccessReason.TICKET_HEADER) @Nullable String ticket,
            @NotNull @Valid SimulationRequest request) {
        return simulations.simulate(request, AccessReason.of(reason, ticket), caller.get());
    }
}
