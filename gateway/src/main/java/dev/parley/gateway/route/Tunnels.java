package dev.parley.gateway.route;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.limit.OpenRequests;
import dev.parley.gateway.session.CallerContext;
import dev.parley.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetSocket;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Opens WebSockets and closes those whose caller is revoked. Each is confirmed once more after it was registered here, so
 * that no revocation falls between its admission and then.
 */
@ApplicationScoped
public class Tunnels {
    private static final long HANDSHAKE_SECONDS = 5;
    private static final String NOBODY_WAITS = "nobody waits for the answer any more";

    private final EventLoops loops;
    private final Problems problems;
    private final Sessions sessions;
    private final OpenRequests requests;
    private final Clock clock;
    private final Set<Tunnel> open = ConcurrentHashMap.newKeySet();

    Tunnels(EventLoops loops, Problems problems, Sessions sessions, OpenRequests requests, Clock clock) {
        this.loops = loops;
        this.problems = problems;
        this.sessions = sessions;
        this.requests = requests;
        this.clock = clock;
        sessions.onRevocation(this::closeRevoked);
        sessions.onForgotten(() -> open.forEach(Tunnel::confirm));
    }

    /** Number of open tunnels. */
    public int size() {
        return open.size();
    }

    /**
     * Asks the service to upgrade and, when it does, joins both connections; otherwise hands on its refusal. The future
     * completes when the client has its answer; it never fails.
     */
    public Future<Void> open(Exchange exchange, Route route, CallerContext caller) {
        if (!requests.admit(exchange)) {
            return Future.succeededFuture();
        }
        var request = exchange.request();
        var handshake = new Handshake();
        exchange.onClientLeft(handshake::abandon);
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(route.host())
                .setPort(route.port())
                .setURI(request.uri());
        return loops.current()
                .client()
                .request(options)
                .compose(upstream -> {
                    upstream.exceptionHandler(failure -> {});
                    if (!handshake.begin(upstream)) {
                        return Future.failedFuture(NOBODY_WAITS);
                    }
                    RequestHeaders.write(exchange, route, caller.authorization(), upstream.headers());
                    upstream.headers().set(Names.CONNECTION, "Upgrade").set(Names.UPGRADE, "websocket");
                    return upstream.connect();
                })
                .timeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                .compose(answer -> answered(exchange, caller, handshake, answer))
                .otherwise(failure -> {
                    handshake.abandon();
                    problems.send(exchange, GatewayProblem.UNAVAILABLE);
                    return false;
                })
                .onSuccess(joined -> {
                    if (!joined) {
                        requests.leave(exchange);
                    }
                })
                .mapEmpty();
    }

    /** Completes when the client has its answer, with whether both connections are joined. */
    private Future<Boolean> answered(
            Exchange exchange, CallerContext caller, Handshake handshake, HttpClientResponse answer) {
        if (handshake.abandoned) {
            return Future.failedFuture(NOBODY_WAITS);
        }
        var response = exchange.response();
        response.setStatusCode(answer.statusCode());
        for (Map.Entry<String, String> header : answer.headers()) {
            if (answer.statusCode() == 101 || !HeaderRules.stopsResponse(header.getKey())) {
                response.headers().add(header.getKey(), header.getValue());
            }
        }
        exchange.describe(response.headers());
        if (answer.statusCode() != 101) {
            return answer.body()
                    .onSuccess(read -> handshake.over())
                    .compose(response::end)
                    .map(false);
        }
        NetSocket service = answer.netSocket();
        service.pause();
        return exchange.request()
                .toNetSocket()
                .onSuccess(client -> join(exchange, client, service, caller))
                .map(true);
    }

    private void join(Exchange exchange, NetSocket client, NetSocket service, CallerContext caller) {
        var request = exchange.request();
        var tunnel = new Tunnel(client, service, caller, () -> sessions.admit(request, true), clock);
        open.add(tunnel);
        tunnel.join(() -> {
            open.remove(tunnel);
            requests.leave(exchange);
        });
    }

    private void closeRevoked(Predicate<CallerContext> revoked) {
        open.stream()
                .filter(tunnel -> revoked.test(tunnel.caller()))
                .forEach(tunnel -> tunnel.close(Tunnel.NOT_ALLOWED, "no longer allowed"));
    }

    /**
     * What the service is asked for one client. Whoever stops waiting hangs up on it: a service that upgrades for
     * nobody would have a listener that never reads.
     */
    private static final class Handshake {
        private HttpClientRequest upstream;
        private boolean abandoned;

        /** False when nobody waits any more; the connection is closed then. */
        boolean begin(HttpClientRequest opened) {
            upstream = opened;
            if (abandoned) {
                hangUp();
            }
            return !abandoned;
        }

        void abandon() {
            abandoned = true;
            hangUp();
        }

        /** The service has refused, and its connection may already serve another request. */
        void over() {
            upstream = null;
        }

        private void hangUp() {
            if (upstream != null) {
                upstream.connection().close();
            }
        }
    }
}
