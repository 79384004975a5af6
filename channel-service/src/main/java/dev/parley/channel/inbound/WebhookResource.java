package dev.parley.channel.inbound;

import dev.parley.channel.adapter.WebhookReply;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Where messengers deliver. The address names the account, the account's secret proves the sender; what follows the
 * account, if anything, is the messenger's own word for what it delivers.
 */
@Path("/webhooks/{type}/{account}{path:(/[a-z]+)?}")
@RunOnVirtualThread
public class WebhookResource {
    private static final byte[] NOTHING = new byte[0];

    private final InboundService inbound;

    WebhookResource(InboundService inbound) {
        this.inbound = inbound;
    }

    /** Takes a call; the answer is what the messenger wants to read, and comes after everything is stored. */
    @POST
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Takes what a messenger delivers")
    public Response receive(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @PathParam("path") String path,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            byte[] body) {
        return call("POST", type, account, path, uri, headers, body);
    }

    /** Answers a messenger that asks whether the address is ours, and takes what one delivers by GET. */
    @GET
    @PermitAll
    @Operation(summary = "Answers a messenger that asks whether the address is ours")
    public Response ask(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @PathParam("path") String path,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return call("GET", type, account, path, uri, headers, NOTHING);
    }

    private Response call(
            String method, String type, UUID account, String path, UriInfo uri, HttpHeaders headers, byte[] body) {
        Map<String, String> named = new HashMap<>();
        headers.getRequestHeaders()
                .forEach((name, values) -> named.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        WebhookReply reply = inbound.receive(
                type,
                account,
                new Delivered(
                        method,
                        path.isEmpty() ? "" : path.substring(1),
                        uri.getRequestUri().getRawQuery(),
                        uri.getQueryParameters(),
                        named,
                        body));
        Response.ResponseBuilder answer = Response.status(reply.status());
        return reply.body() == null
                ? answer.build()
                : answer.type(reply.contentType()).entity(reply.body()).build();
    }
}
