package dev.parley.channel.webhooklog;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The test button of an endpoint. */
@Path("/api/v1/webhook-endpoints/{id}/test")
@RunOnVirtualThread
public class TestResource {
    private final LogService log;
    private final CurrentCaller caller;

    TestResource(LogService log, CurrentCaller caller) {
        this.log = log;
        this.caller = caller;
    }

    /** Sends a test event. */
    @POST
    @RolesAllowed("scope:write")
    @Operation(summary = "Send a webhook.test event; its delivery stands in the log")
    public Response test(@PathParam("id") UUID id) {
        return Response.accepted(log.test(caller.get(), id)).build();
    }
}
