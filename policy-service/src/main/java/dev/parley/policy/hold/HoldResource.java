package dev.parley.policy.hold;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.UUID;

/** Ends holds: with a charge or without. */
@Path("/internal/holds/{operationId}")
@RunOnVirtualThread
public class HoldResource {
    private final HoldService holds;
    private final CurrentCaller caller;

    HoldResource(HoldService holds, CurrentCaller caller) {
        this.holds = holds;
        this.caller = caller;
    }

    /** Charges what the operation used, once; a repetition gets the first answer. 404 when nothing was ever held. */
    @POST
    @Path("/settlement")
    @RolesAllowed("service")
    public SettlementResponse settle(
            @PathParam("operationId") UUID operationId, @NotNull @Valid SettlementRequest request) {
        return holds.settle(caller.get().tenant(), operationId, request);
    }

    /** Gives the held credits back; nothing happens when nothing is held. Says what was charged before. */
    @POST
    @Path("/release")
    @RolesAllowed("service")
    public ReleaseResponse release(@PathParam("operationId") UUID operationId, @NotNull @Valid ReleaseRequest request) {
        return holds.release(caller.get().tenant(), operationId, request);
    }
}
