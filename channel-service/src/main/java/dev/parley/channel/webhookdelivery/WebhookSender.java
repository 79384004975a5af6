package dev.parley.channel.webhookdelivery;

import dev.parley.channel.webhook.Address;
import dev.parley.channel.webhook.Addresses;
import dev.parley.channel.webhook.RefusedAddress;
import dev.parley.channel.webhook.Secrets;
import dev.parley.channel.webhook.Target;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Posts what endpoints are told: to the very IP address that was checked, under the endpoint's own name, following no
 * redirect and reading little of what it answers.
 */
@ApplicationScoped
class WebhookSender {
    private static final int CONNECTIONS_PER_ENDPOINT = 64;
    /** Shorter than what servers do: a connection that both sides end at once is a failed attempt. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final String AGENT = "Parley-Webhooks/1";

    private final HttpClient client;
    private final Addresses addresses;
    private final DeliveryConfig config;
    private final Clock clock;

    WebhookSender(Vertx vertx, Addresses addresses, DeliveryConfig config, Clock clock) {
        this.addresses = addresses;
        this.config = config;
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ENDPOINT));
    }

    /** Starts an attempt, which tells what became of it once: when it was answered, failed, or was given up. */
    Call start(Due delivery, Target target, Consumer<Call> told) {
        Instant now = clock.instant();
        Call call = new Call(delivery, now, System.nanoTime(), told);
        try {
            Address address = addresses.read(target.url());
            InetAddress checked = addresses.resolve(address);
            String id = delivery.event().toString();
            long seconds = now.getEpochSecond();
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setServer(SocketAddress.inetSocketAddress(address.port(), checked.getHostAddress()))
                    .setHost(address.host())
                    .setPort(address.port())
                    .setSsl(address.secure())
                    .setURI(address.target())
                    .setConnectTimeout(config.connectTimeout().toMillis())
                    .putHeader("Host", address.authority())
                    .putHeader("Content-Type", "application/json")
                    .putHeader("User-Agent", AGENT)
                    .putHeader("webhook-id", id)
                    .putHeader("webhook-timestamp", Long.toString(seconds))
                    .putHeader(
                            "webhook-signature",
                            Secrets.signature(target.secrets(now), id, seconds, delivery.payload()));
            client.request(options).onComplete(call::opened);
        } catch (RefusedAddress refused) {
            call.failed(refused.getMessage());
        }
        return call;
    }
}
