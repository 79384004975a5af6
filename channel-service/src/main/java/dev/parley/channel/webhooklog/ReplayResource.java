package dev.parley.channel.webhooklog;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Tells an endpoint again what happened in some time. */
@Path("/api/v1/webhook-endpoints/{id}/replay")
@RunOnVirtualThread
public class ReplayResource {
    private final LogService log;
    private final CurrentCaller caller;

    ReplayResource(LogService log, CurrentCaller caller) {
        this.log = log;
        this.caller = caller;
    }

    /** Sends again what was not taken. */
    @POST
    @RolesAllowed("scope:write")
    @Operation(summary = "Send again what happened in that time and was not taken")
    public Response replay(@PathParam("id") UUID id, @NotNull @Valid ReplayRequest request) {
        return Response.accepted(log.replay(caller.get(), id, request)).build();
    }
}
