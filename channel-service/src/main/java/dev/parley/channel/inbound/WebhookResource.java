package dev.parley.channel.inbound;

import dev.parley.channel.adapter.InboundCall;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Where messengers deliver. The address names the account, the account's secret proves the sender. */
@Path("/webhooks/{type}/{account}")
@RunOnVirtualThread
public class WebhookResource {
    private final InboundService inbound;

    WebhookResource(InboundService inbound) {
        this.inbound = inbound;
    }

    /** Takes a call; the answer is empty, because some messengers take a body for a command. */
    @POST
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    public Response receive(
            @PathParam("type") String type,
            @PathParam("account") UUID account,
            @Context HttpHeaders headers,
            byte[] body) {
        Map<String, String> named = new HashMap<>();
        headers.getRequestHeaders()
                .forEach((name, values) -> named.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        inbound.receive(type, account, new InboundCall(named, body));
        return Response.ok().build();
    }
}
