package dev.parley.channel.delivery;

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

/** Sends of an operation, of which people may know more than we do. */
@Path("/")
@RunOnVirtualThread
public class SendResource {
    private final ResolveSendFlow flow;
    private final CurrentCaller caller;

    SendResource(ResolveSendFlow flow, CurrentCaller caller) {
        this.flow = flow;
        this.caller = caller;
    }

    /** Says what became of an ambiguous send. */
    @POST
    @Path("api/v1/operations/{id}/sends/{part}/resolution")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Say what became of an ambiguous send")
    public Response resolve(
            @PathParam("id") UUID operation, @PathParam("part") int part, @NotNull @Valid ResolutionRequest request) {
        flow.resolve(caller.get(), operation, part, request.as());
        return Response.noContent().build();
    }
}
