package dev.parley.auth.erasure;

import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Erasure of the own tenant, and the certificate that stays of it. */
@Path("/api/v1")
@RunOnVirtualThread
@Tag(name = "Erasure")
public class ErasureResource {
    private final ErasureService erasures;
    private final CurrentCaller caller;

    ErasureResource(ErasureService erasures, CurrentCaller caller) {
        this.erasures = erasures;
        this.caller = caller;
    }

    /** Erases the own tenant. */
    @POST
    @Path("/erasure")
    @RolesAllowed("owner")
    @Operation(summary = "Erase the organisation, at once and for good")
    @APIResponse(
            responseCode = "202",
            description = "It is being erased",
            content = @Content(schema = @Schema(implementation = ErasureResponse.class)))
    public Response erase(@Valid @NotNull EraseTenantRequest request) {
        return Response.accepted(erasures.request(caller.get(), request.confirmation()))
                .build();
    }

    /** Shows how far an erasure is, and its certificate. */
    @GET
    @Path("/erasure-certificates/{id}")
    @PermitAll
    @Operation(summary = "Certificate of an erasure")
    public CertificateResponse certificate(@PathParam("id") UUID id, @QueryParam("token") @Nullable String token) {
        return erasures.certificate(id, token);
    }
}
