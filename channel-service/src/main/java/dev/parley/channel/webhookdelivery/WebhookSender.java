package dev.parley.channel.webhookdelivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.webhook.Address;
import dev.parley.channel.webhook.Addresses;
import dev.parley.channel.webhook.RefusedAddress;
import dev.parley.channel.webhook.Secrets;
import dev.parley.channel.webhook.Target;
import dev.parley.platform.tenancy.TenantId;
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

    WebhookSender(Vertx vertx, Addresses addresses, DeliveryConfig config) {
        this.vertx = vertx;
        this.addresses = addresses;
        this.config = config;
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

    /** Where an endpoint is now, for what is sent to it at once; may ask a name server. */
    Route route(TenantId tenant, Target target) throws RefusedAddress {
        Address address = read(target.url());
        InetAddress checked = addresses.resolve(tenant, address);
        return new Route(address, SocketAddress.inetSocketAddress(address.port(), checked.getHostAddress()));
    }

    /** An address and the very IP address that was checked. */
    record Route(Address address, SocketAddress checked) {}

    /** An attempt that is signed and can be sent; the time is the database's, as receivers refuse those of wrong clocks. */
    Call prepare(Due delivery, Target target, Route route, Instant now, Consumer<Call> told) {
        Call call = new Call(delivery, now, System.nanoTime(), told);
        Address address = route.address();
        String id = delivery.event().toString();
        long seconds = now.getEpochSecond();
        call.begin(new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(route.checked())
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
                        "webhook-signature", Secrets.signature(target.secrets(now), id, seconds, delivery.payload())));
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
