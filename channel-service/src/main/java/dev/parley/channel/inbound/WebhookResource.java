package dev.parley.channel.inbound;

import dev.parley.channel.adapter.WebhookReply;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.core.http.HttpServerRequest;
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
import java.io.InputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Where messengers deliver. The address names the account, the account's secret proves the sender; what follows the
 * account, if anything, is the messenger's own word for what it delivers. Some deliver by GET, and some ask by it
 * whether the address is ours.
 */
@Path("/webhooks/{type}/{account}")
@RunOnVirtualThread
public class WebhookResource {
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
            @Context HttpServerRequest request,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            InputStream body) {
        return call("POST", type, account, "", request, uri, headers, body);
    }

    /** The same for messengers with an address for each kind of thing that they deliver. */
    @POST
    @Path("/{path}")
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    @Operation(summary = "Takes one kind of what a messenger delivers")
    public Response receiveKind(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @PathParam("path") String path,
            @Context HttpServerRequest request,
            @Context UriInfo uri,
            @Context HttpHeaders headers,
            InputStream body) {
        return call("POST", type, account, path, request, uri, headers, body);
    }

    /** Answers a messenger that asks whether the address is ours, and takes what one delivers by GET. */
    @GET
    @PermitAll
    @Operation(summary = "Answers a messenger that asks whether the address is ours")
    public Response ask(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @Context HttpServerRequest request,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return call("GET", type, account, "", request, uri, headers, InputStream.nullInputStream());
    }

    /** The same for messengers with an address for each kind of thing that they deliver. */
    @GET
    @Path("/{path}")
    @PermitAll
    @Operation(summary = "Takes one kind of what a messenger delivers by GET")
    public Response askKind(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @PathParam("path") String path,
            @Context HttpServerRequest request,
            @Context UriInfo uri,
            @Context HttpHeaders headers) {
        return call("GET", type, account, path, request, uri, headers, InputStream.nullInputStream());
    }

    private Response call(
            String method,
            String type,
            UUID account,
            String path,
            HttpServerRequest request,
            UriInfo uri,
            HttpHeaders headers,
            InputStream body) {
        Map<String, String> named = new HashMap<>();
        headers.getRequestHeaders()
                .forEach((name, values) -> named.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        WebhookReply reply = inbound.receive(
                type, account, new Delivered(method, path, request.query(), uri.getQueryParameters(), named, body));
        Response.ResponseBuilder answer = Response.status(reply.status());
        return reply.body() == null
                ? answer.build()
                : answer.type(reply.contentType()).entity(reply.body()).build();
    }
}
