package dev.parley.channel.webhooklog;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What an endpoint was told. */
@Path("/api/v1/webhook-endpoints/{id}/deliveries")
@RunOnVirtualThread
public class DeliveryResource {
    private final LogService log;
    private final CurrentCaller caller;

    DeliveryResource(LogService log, CurrentCaller caller) {
        this.log = log;
        this.caller = caller;
    }

    /** Lists deliveries, latest first. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "List what an endpoint was told, latest first")
    public Page<DeliveryResponse> list(
            @PathParam("id") UUID id,
            @QueryParam("state")
                    @Pattern(
                            regexp = "pending|delivered|failed|skipped",
                            message = "must be pending, delivered, failed or skipped")
                    String state,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") Integer limit) {
        return log.list(caller.get().tenant(), id, state, cursor, limit);
    }

    /** Shows one delivery with every attempt. */
    @GET
    @Path("/{deliveryId}")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "Show a delivery with its payload and every attempt")
    public DeliveryResponse get(@PathParam("id") UUID id, @PathParam("deliveryId") UUID deliveryId) {
        return log.get(caller.get().tenant(), id, deliveryId);
    }

    /** Sends one delivery again. */
    @POST
    @Path("/{deliveryId}/replay")
    @RolesAllowed("scope:write")
    @Operation(summary = "Send a delivery again, under the same id")
    public Response replay(@PathParam("id") UUID id, @PathParam("deliveryId") UUID deliveryId) {
        return Response.accepted(log.replay(caller.get(), id, deliveryId)).build();
    }
}
