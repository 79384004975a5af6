package dev.parley.channel.media;

import dev.parley.platform.audit.IndividualRecords;
import dev.parley.platform.security.Caller;
import dev.parley.platform.security.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Pictures, voice and documents. */
@Path("/api/v1/media")
@RunOnVirtualThread
public class MediaResource {
    private final MediaService media;
    private final CurrentCaller caller;

    MediaResource(MediaService media, CurrentCaller caller) {
        this.media = media;
        this.caller = caller;
    }

    /**
     * Keeps a body, at most 16 MiB of a known type; what the request calls it does not matter. An {@code
     * Idempotency-Key} that is known is the same upload again.
     */
    @POST
    @Consumes(MediaType.WILDCARD)
    @Produces(MediaType.APPLICATION_JSON)
    @RolesAllowed({"member", "scope:chat"})
    @Operation(summary = "Upload a picture, a recording or a document")
    public Response add(@HeaderParam("Idempotency-Key") String idempotencyKey, InputStream body) {
        return Response.status(Response.Status.CREATED)
                .entity(media.add(caller.get(), body, idempotencyKey))
                .build();
    }

    /** Gives the bytes, never as a page that a browser would run. */
    @GET
    @Path("/{id}")
    @Produces(MediaType.WILDCARD)
    @RolesAllowed({"member", "scope:read", Caller.BREAK_GLASS})
    @IndividualRecords("media")
    @Operation(summary = "The bytes of a picture, a recording or a document")
    public Response get(@PathParam("id") UUID id) {
        return MediaAnswers.of(media.get(caller.get().tenant(), id), id);
    }
}
