package dev.parley.channel.webhookdelivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.webhook.Address;
import dev.parley.channel.webhook.Addresses;
import dev.parley.channel.webhook.RefusedAddress;
import dev.parley.channel.webhook.Secrets;
import dev.parley.channel.webhook.Target;
import io.vertx.core.Context;
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
import java.util.List;
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

    private static final int ADDRESSES = 10_000;
    private static final String AGENT = "Parley-Webhooks/1";

    private final Vertx vertx;
    private final HttpClient client;
    private final Cache<String, Address> read =
            Caffeine.newBuilder().maximumSize(ADDRESSES).build();
    private final Addresses addresses;
    private final DeliveryConfig config;
    private final Clock clock;

    WebhookSender(Vertx vertx, Addresses addresses, DeliveryConfig config, Clock clock) {
        this.vertx = vertx;
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

    /** The event loop of a thread that sends; what it sends begins there without waking other threads. */
    Context loop() {
        return vertx.getOrCreateContext();
    }

    /** Begins attempts together; each tells what became of it once: when it was answered, failed, or was given up. */
    void send(Context loop, List<Call> calls) {
        loop.runOnContext(
                now -> calls.forEach(call -> client.request(call.options()).onComplete(call::opened)));
    }

    /** An attempt that is signed and can be sent, unless its address was refused, which it has told already. */
    Call prepare(Due delivery, Target target, Consumer<Call> told) {
        Instant now = clock.instant();
        Call call = new Call(delivery, now, System.nanoTime(), told);
        try {
            Address address = read(target.url());
            InetAddress checked = addresses.resolve(address);
            String id = delivery.event().toString();
            long seconds = now.getEpochSecond();
            call.begin(new RequestOptions()
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
                            Secrets.signature(target.secrets(now), id, seconds, delivery.payload())));
        } catch (RefusedAddress refused) {
            call.failed(refused.getMessage());
        }
        return call;
    }

    private Address read(String url) throws RefusedAddress {
        Address known = read.getIfPresent(url);
        if (known == null) {
            known = addresses.read(url);
            read.put(url, known);
        }
        return known;
    }
}
