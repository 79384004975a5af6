package dev.parley.billing.webhook;

import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.WebhookDelivery;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Where payment providers report. The signature over the raw body is the credential. */
@Path("/webhooks")
@RunOnVirtualThread
public class WebhookResource {
    private static final int LONGEST_BODY = 1 << 20;
    private static final List<String> KEPT = List.of("stripe-", "x-razorpay-", "content-type", "user-agent");

    private final WebhookService inbox;
    private final WebhookWorker worker;
    private final PaymentProviders providers;

    WebhookResource(WebhookService inbox, WebhookWorker worker, PaymentProviders providers) {
        this.inbox = inbox;
        this.worker = worker;
        this.providers = providers;
    }

    /**
     * Takes an event: 200 once it is committed, also for one that came before; 403 unless its signature is right and
     * its time within five minutes of ours.
     */
    @POST
    @Path("/{provider: stripe|razorpay}")
    @Consumes(MediaType.WILDCARD)
    @ResponseStatus(200)
    @PermitAll
    public void receive(@PathParam("provider") String provider, @Context HttpHeaders headers, byte[] body) {
        if (body.length > LONGEST_BODY) {
            throw new Problem(CommonProblem.PAYLOAD_TOO_LARGE);
        }
        if (inbox.accept(providers.installed(provider), new WebhookDelivery(body, kept(headers)))) {
            worker.kick();
        }
    }

    /** A header that comes twice is joined, so that a second signature cannot hide behind the first. */
    private static Map<String, String> kept(HttpHeaders headers) {
        return headers.getRequestHeaders().entrySet().stream()
                .filter(header -> KEPT.stream().anyMatch(header.getKey().toLowerCase(Locale.ROOT)::startsWith))
                .collect(Collectors.toMap(
                        header -> header.getKey().toLowerCase(Locale.ROOT),
                        header -> String.join(",", header.getValue()),
                        (first, second) -> first + "," + second));
    }
}
