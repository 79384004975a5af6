package dev.parley.channel.device;

import dev.parley.platform.paging.Page;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The devices on which customers are notified of answers that they do not read as they come. */
@Path("/api/v1/conversations/{id}/devices")
@RunOnVirtualThread
public class DeviceResource {
    private final DeviceService devices;
    private final CurrentCaller caller;

    DeviceResource(DeviceService devices, CurrentCaller caller) {
        this.devices = devices;
        this.caller = caller;
    }

    /** Registers a device; 200 instead of 201 when its token was registered for the conversation before. */
    @POST
    @RolesAllowed({"member", "scope:chat"})
    @Operation(summary = "Register a device to be notified of answers; the same token again renews it")
    public Response register(@PathParam("id") UUID conversation, @NotNull @Valid RegisterDeviceRequest request) {
        DeviceService.Registered registered = devices.register(caller.get(), conversation, request);
        return Response.status(registered.isNew() ? Response.Status.CREATED : Response.Status.OK)
                .entity(registered.device())
                .build();
    }

    /** Lists the devices of a conversation. */
    @GET
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "The devices of a conversation, without their tokens")
    public Page<DeviceResponse> list(@PathParam("id") UUID conversation) {
        return new Page<>(devices.list(caller.get().tenant(), conversation), null);
    }

    /** Replaces a device's token, or changes its language. */
    @PATCH
    @Path("/{device}")
    @RolesAllowed({"member", "scope:chat"})
    @Operation(summary = "Replace a device's token, or change its language")
    public DeviceResponse change(
            @PathParam("id") UUID conversation,
            @PathParam("device") UUID device,
            @NotNull @Valid ChangeDeviceRequest request) {
        return devices.change(caller.get().tenant(), conversation, device, request);
    }

    /** Notifies a device no longer. */
    @DELETE
    @Path("/{device}")
    @RolesAllowed({"member", "scope:chat"})
    @Operation(summary = "Notify a device no longer")
    public void delete(@PathParam("id") UUID conversation, @PathParam("device") UUID device) {
        devices.delete(caller.get().tenant(), conversation, device);
    }
}
