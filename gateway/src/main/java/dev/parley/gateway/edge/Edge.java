package dev.parley.gateway.edge;

import dev.parley.gateway.http.EdgeConfig;
import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.http.PublicOrigin;
import dev.parley.gateway.limit.RateLimits;
import dev.parley.gateway.route.Forwarder;
import dev.parley.gateway.route.Route;
import dev.parley.gateway.route.RouteConfig.CredentialRule;
import dev.parley.gateway.route.RouteTable;
import dev.parley.gateway.route.Tunnels;
import dev.parley.gateway.session.Admission;
import dev.parley.gateway.session.CallerContext;
import dev.parley.gateway.session.Sessions;
import dev.parley.gateway.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Where every request comes in. The checks run in one order: address, route, size, rate and credential, type of the body;
 * then the request is forwarded.
 */
@ApplicationScoped
class Edge {
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private final RouteTable routes;
    private final LocalPages pages;
    private final Sessions sessions;
    private final RateLimits limits;
    private final Forwarder forwarder;
    private final Tunnels tunnels;
    private final Cors cors;
    private final PublicOrigin origin;
    private final Problems problems;
    private final Tracing tracing;
    private final ClientAddress addresses;
    private final RequestLog log;
    private final int maxUri;

    Edge(
            RouteTable routes,
            LocalPages pages,
            Sessions sessions,
            RateLimits limits,
            Forwarder forwarder,
            Tunnels tunnels,
            Cors cors,
            PublicOrigin origin,
            Problems problems,
            Tracing tracing,
            ClientAddress addresses,
            RequestLog log,
            EdgeConfig config) {
        this.routes = routes;
        this.pages = pages;
        this.sessions = sessions;
        this.limits = limits;
        this.forwarder = forwarder;
        this.tunnels = tunnels;
        this.cors = cors;
        this.origin = origin;
        this.problems = problems;
        this.tracing = tracing;
        this.addresses = addresses;
        this.log = log;
        this.maxUri = config.maxUri();
    }

    void handle(RoutingContext routing) {
        if (routing.get(Exchange.class.getName()) != null) {
            // The console's paths are routed a second time, to its start page.
            routing.next();
            return;
        }
        var request = routing.request();
        var exchange = begin(routing);
        String path = request.path();
        GatewayProblem problem = problemOfHead(request, path);
        if (problem != null) {
            problems.send(exchange, problem);
            return;
        }
        Route route = routes.find(path);
        if (route == null) {
            if (path.startsWith("/q/") || limits.admitAnonymous(exchange)) {
                pages.serve(exchange, routing);
            }
            return;
        }
        exchange.routedTo(route.name(), route.openAiErrors());
        if (cors.handled(exchange)) {
            return;
        }
        GatewayProblem tooLarge = BodyRules.ofLength(request, route);
        if (tooLarge != null) {
            problems.send(exchange, tooLarge);
        } else if (route.credential() == CredentialRule.IGNORED) {
            anonymous(exchange, route);
        } else {
            identify(exchange, route);
        }
    }

    private Exchange begin(RoutingContext routing) {
        var request = routing.request();
        var exchange =
                new Exchange(request, tracing.begin(request.getHeader(Names.TRACEPARENT)), addresses.of(request));
        log.begun();
        exchange.onOver(() -> log.finished(exchange));
        routing.addEndHandler(end -> {
            if (end.failed()) {
                exchange.clientLeft();
            }
            exchange.over();
        });
        return exchange;
    }

    private GatewayProblem problemOfHead(HttpServerRequest request, String path) {
        if (request.uri().length() > maxUri) {
            return GatewayProblem.URI_TOO_LONG;
        }
        if (!METHODS.contains(request.method())) {
            return GatewayProblem.METHOD_NOT_ALLOWED;
        }
        if (request.uri().charAt(0) != '/') {
            // Absolute form is for proxies; "*" names nothing of ours.
            return GatewayProblem.INVALID_REQUEST;
        }
        return RequestTarget.unambiguous(path) ? null : GatewayProblem.INVALID_REQUEST;
    }

    private void identify(Exchange exchange, Route route) {
        boolean mayAsk = !limits.addressExhausted(exchange);
        Future<Admission> answer = sessions.admit(exchange.request(), mayAsk);
        if (answer.isComplete()) {
            admitted(exchange, route, answer.result());
            return;
        }
        // The answer may arrive on the event loop of another request that asked the same question.
        var context = Vertx.currentContext();
        exchange.request().pause();
        answer.onComplete(done -> context.runOnContext(back -> {
            if (!exchange.response().closed()) {
                admitted(exchange, route, done.result());
            }
        }));
    }

    private void admitted(Exchange exchange, Route route, Admission admission) {
        switch (admission) {
            case Admission.Granted granted -> known(exchange, route, granted.context());
            case Admission.Anonymous none -> {
                if (route.credential() == CredentialRule.OPTIONAL) {
                    anonymous(exchange, route);
                } else {
                    refuse(exchange, GatewayProblem.UNAUTHENTICATED);
                }
            }
            case Admission.Rejected rejected -> refuse(exchange, GatewayProblem.UNAUTHENTICATED);
            case Admission.Forged forged -> refuse(exchange, GatewayProblem.CSRF_REJECTED);
            case Admission.NoTenantId none -> refuse(exchange, GatewayProblem.INVALID_TENANT_ID);
            case Admission.Unavailable unavailable -> problems.send(exchange, GatewayProblem.UNAVAILABLE);
            case Admission.Refused refused -> {
                if (limits.admitAnonymous(exchange)) {
                    problems.sendRefusal(exchange, refused.code(), refused.title(), refused.detail());
                }
            }
            // Not looked up, because this address has used up its tries: taking one more answers 429.
            case null -> refuse(exchange, GatewayProblem.UNAUTHENTICATED);
        }
    }

    private void refuse(Exchange exchange, GatewayProblem problem) {
        if (limits.admitAnonymous(exchange)) {
            problems.send(exchange, problem);
        }
    }

    private void known(Exchange exchange, Route route, CallerContext caller) {
        exchange.belongsTo(caller.tenantId());
        if (!limits.admitCaller(exchange, caller.credentialId(), caller.requestsPerMinute(), caller.tenantId())) {
            return;
        }
        if (route.upgrade() && upgrades(exchange.request())) {
            upgrade(exchange, route, caller);
        } else {
            forward(exchange, route, caller.authorization());
        }
    }

    private void anonymous(Exchange exchange, Route route) {
        boolean admitted =
                switch (route.anonymousLimit()) {
                    case LOGIN -> limits.admitLogin(exchange);
                    case ADDRESS -> limits.admitAnonymous(exchange);
                    case NONE -> true;
                };
        if (!admitted) {
            return;
        }
        if (route.credential() == CredentialRule.IGNORED && sessions.forged(exchange.request())) {
            problems.send(exchange, GatewayProblem.CSRF_REJECTED);
        } else {
            forward(exchange, route, null);
        }
    }

    private void forward(Exchange exchange, Route route, String authorization) {
        GatewayProblem wrongType = BodyRules.ofType(exchange.request(), route);
        if (wrongType != null) {
            problems.send(exchange, wrongType);
        } else {
            forwarder.forward(exchange, route, authorization);
        }
    }

    /** A page of another site can open a WebSocket with our cookie, and CORS does not stop it: the Origin must be known. */
    private void upgrade(Exchange exchange, Route route, CallerContext caller) {
        String sender = exchange.request().getHeader(Names.ORIGIN);
        boolean cookie = !exchange.request().headers().contains(Names.AUTHORIZATION)
                && !exchange.request().headers().contains(Names.X_API_KEY);
        boolean known = sender == null
                ? !cookie
                : origin.same(exchange.request(), sender) || (!cookie && origin.allowed(sender));
        if (known) {
            tunnels.open(exchange, route, caller).onComplete(opened -> exchange.over());
        } else {
            problems.send(exchange, GatewayProblem.ORIGIN_REJECTED);
        }
    }

    private static boolean upgrades(HttpServerRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader(Names.UPGRADE));
    }
}
