package dev.parley.channel.otp;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/** One-time codes that a tenant's own system has sent and checked. */
@Path("/api/v1/otp")
@RunOnVirtualThread
public class OtpResource {
    private final OtpFlow flow;
    private final OtpService codes;
    private final CurrentCaller caller;

    OtpResource(OtpFlow flow, OtpService codes, CurrentCaller caller) {
        this.flow = flow;
        this.codes = codes;
        this.caller = caller;
    }

    /** Sends a code; one that waits for the same recipient, purpose and reference is over with that. */
    @POST
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Send a one-time code")
    @APIResponse(
            responseCode = "201",
            description = "Created",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON,
                            schema = @Schema(implementation = OtpResponse.class)))
    public Response send(@NotNull @Valid OtpRequest request) {
        return Response.status(Response.Status.CREATED)
                .entity(flow.send(caller.get(), request))
                .build();
    }

    /** Shows a code's state, and never the code. */
    @GET
    @Path("/{id}")
    @RolesAllowed({"member", "scope:read"})
    @Operation(summary = "One one-time code, without the code")
    public OtpResponse get(@PathParam("id") UUID id) {
        return codes.get(caller.get().tenant(), id);
    }

    /** Checks what somebody typed; the right code is approved once. */
    @POST
    @Path("/{id}/checks")
    @RolesAllowed({"member", "scope:write"})
    @Operation(summary = "Check a one-time code")
    public OtpCheckResponse check(@PathParam("id") UUID id, @NotNull @Valid OtpCheckRequest request) {
        return codes.check(caller.get().tenant(), id, request);
    }
}
