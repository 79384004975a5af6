package dev.parley.channel.media;

import dev.parley.channel.media.MediaLinks.Linked;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What a message to a messenger shows, for that messenger: the address is the credential. */
@Path("/files/{token}")
@RunOnVirtualThread
public class FileResource {
    private final MediaService media;
    private final MediaLinks links;

    FileResource(MediaService media, MediaLinks links) {
        this.media = media;
        this.links = links;
    }

    /** Gives the bytes that the address names; 404 when it was not made here, or is not good any more. */
    @GET
    @PermitAll
    @Produces(MediaType.WILDCARD)
    @Operation(summary = "A file that a message shows, by its signed address")
    public Response get(@PathParam("token") String token) {
        Linked linked = links.read(token).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
        return MediaAnswers.of(media.get(linked.tenant(), linked.id()), linked.id());
    }
}
