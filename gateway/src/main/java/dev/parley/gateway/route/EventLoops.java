package dev.parley.gateway.route;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Gives each event loop a client and deadlines of its own, so that a request meets its connection to the service on the
 * thread it runs on.
 */
@ApplicationScoped
class EventLoops {
    private static final int WAITING = 4096;
    private static final int KEEP_ALIVE_SECONDS = 55;
    private static final int MAX_RESPONSE_HEADERS = 32 * 1024;

    private final Vertx vertx;
    private final HttpClientOptions options;
    private final PoolOptions pool;
    private final ConcurrentMap<Thread, EventLoop> loops = new ConcurrentHashMap<>();

    EventLoops(Vertx vertx, RouteConfig config) {
        this.vertx = vertx;
        this.options = new HttpClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setMaxHeaderSize(MAX_RESPONSE_HEADERS)
                .setTracingPolicy(TracingPolicy.IGNORE);
        this.pool = new PoolOptions().setHttp1MaxSize(config.connections()).setMaxWaitQueueSize(WAITING);
    }

    /** That of the calling thread, which must be an event loop. */
    EventLoop current() {
        EventLoop loop = loops.get(Thread.currentThread());
        return loop != null ? loop : loops.computeIfAbsent(Thread.currentThread(), thread -> open());
    }

    private EventLoop open() {
        var deadlines = new Deadlines();
        vertx.setPeriodic(Deadlines.SWEEP_MILLIS, timer -> deadlines.sweep(System.nanoTime()));
        return new EventLoop(vertx.createHttpClient(options, pool), deadlines);
    }

    /**
     * What belongs to one event loop.
     *
     * @param client keeps this loop's connections to the services
     * @param deadlines of this loop's open requests
     */
    record EventLoop(HttpClient client, Deadlines deadlines) {}
}
