package dev.parley.channel.webhookdelivery;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.channel.webhook.Secrets;
import dev.parley.channel.webhook.Target;
import dev.parley.platform.address.Address;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

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

    private final List<Loop> loops;
    private final Cache<String, Address> read =
            Caffeine.newBuilder().maximumSize(ADDRESSES).build();
    private final Addresses addresses;
    private final DeliveryConfig config;

    WebhookSender(Vertx vertx, Addresses addresses, DeliveryConfig config) {
        this.loops = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .mapToObj(i -> new Loop(contextOf(vertx), client(vertx, config)))
                .toList();
        this.addresses = addresses;
        this.config = config;
    }

    /** An event loop with a client of its own, so that each connection is used on the loop that it belongs to. */
    private record Loop(Context context, HttpClient client) {
        void send(Call call) {
            client.request(call.options()).onComplete(call::opened);
        }
    }

    private static HttpClient client(Vertx vertx, DeliveryConfig config) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        // Whoever waits for an answer gives up before; this ends what nobody waits for any more.
                        .setIdleTimeout((int) config.timeout().toSeconds() + 3)
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_ENDPOINT));
    }

    /** A context of its own: Vert.x gives one to each thread that asks. */
    private static Context contextOf(Vertx vertx) {
        CompletableFuture<Context> context = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> context.complete(vertx.getOrCreateContext()));
        return context.join();
    }

    /** The event loop on which everything for a tenant's endpoints happens, so that their connections stay on it too. */
    Context loop(TenantId tenant) {
        return of(tenant).context();
    }

    private Loop of(TenantId tenant) {
        return loops.get(Math.floorMod(tenant.hashCode(), loops.size()));
    }

    /** Begins an attempt, on the tenant's event loop itself. */
    void send(TenantId tenant, Call call) {
        of(tenant).send(call);
    }

    /** Begins attempts together; each tells what became of it once: when it was answered, failed, or was given up. */
    void send(TenantId tenant, List<Call> calls) {
        Loop loop = of(tenant);
        loop.context().runOnContext(now -> calls.forEach(loop::send));
    }

    /** Where an endpoint is now, for what is sent to it at once; may ask a name server. */
    Route route(TenantId tenant, Target target) throws RefusedAddress {
        Address address = read(target.url());
        return route(address, addresses.resolve(tenant, address));
    }

    /** As {@link #route(TenantId, Target)}; undecided when a name server takes longer than that. */
    Route route(TenantId tenant, Target target, Duration most) throws RefusedAddress {
        Address address = read(target.url());
        return route(address, addresses.resolve(tenant, address, most));
    }

    private static Route route(Address address, List<InetAddress> all) {
        return new Route(address, all.stream().map(address::at).toList());
    }

    /** An address and the very IP addresses that were checked. */
    record Route(Address address, List<SocketAddress> checked) {
        /** Where to connect to: each attempt tries the next. */
        SocketAddress of(Due delivery) {
            return checked.get(delivery.tries() % checked.size());
        }
    }

    /** An attempt that is signed and can be sent; the time is the database's, as receivers refuse those of wrong clocks. */
    Call prepare(Due delivery, Target target, Route route, Instant now, Consumer<Call> told) {
        Call call = new Call(delivery, now, System.nanoTime(), told);
        String id = delivery.event().toString();
        long seconds = now.getEpochSecond();
        call.begin(route.address()
                .request(HttpMethod.POST, route.of(delivery))
                .setConnectTimeout(config.connectTimeout().toMillis())
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
