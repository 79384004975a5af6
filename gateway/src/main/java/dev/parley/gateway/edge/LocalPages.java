package dev.parley.gateway.edge;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Names;
import dev.parley.gateway.http.Problems;
import dev.parley.gateway.http.SecurityHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;

/** What the gateway serves itself: the console's files, the API reader, health, and metrics for this machine. */
@ApplicationScoped
class LocalPages {
    private static final String NO_CACHE = "no-cache";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final Problems problems;
    private final SecurityHeaders security;
    private final ClientAddress addresses;

    LocalPages(Problems problems, SecurityHeaders security, ClientAddress addresses) {
        this.problems = problems;
        this.security = security;
        this.addresses = addresses;
    }

    void serve(Exchange exchange, RoutingContext routing) {
        String path = exchange.request().path();
        if (path.equals("/") || path.equals("/console")) {
            redirect(exchange, "/console/");
        } else if (path.equals("/docs")) {
            redirect(exchange, "/docs/");
        } else if (path.startsWith("/console/")) {
            console(exchange, routing, path.startsWith("/console/assets/"));
        } else if (path.startsWith("/docs/")) {
            page(exchange, routing, "docs");
        } else if (path.equals("/openapi")) {
            data(exchange, routing, "openapi");
        } else if (path.equals("/q/health") || path.startsWith("/q/health/")) {
            data(exchange, routing, "health");
        } else if (path.equals("/q/metrics") && addresses.local(exchange.request())) {
            data(exchange, routing, "metrics");
        } else {
            problems.send(exchange, GatewayProblem.NOT_FOUND);
        }
    }

    /** Vite names what is in assets/ by its content; every other path is the start page, which finds its own way. */
    private void console(Exchange exchange, RoutingContext routing, boolean asset) {
        var response = exchange.response();
        pass(exchange, routing, "console", () -> {
            security.page(response.headers());
            String type = response.headers().get(Names.CONTENT_TYPE);
            boolean startPage = type != null && type.startsWith("text/html");
            if (asset && startPage) {
                // An asset of an older build: the start page in its place would be cached as a script.
                response.setStatusCode(404);
            }
            response.putHeader(Names.CACHE_CONTROL, asset && !startPage ? FOR_EVER : NO_CACHE);
        });
    }

    private void page(Exchange exchange, RoutingContext routing, String name) {
        pass(exchange, routing, name, () -> {
            security.page(exchange.response().headers());
            exchange.response().putHeader(Names.CACHE_CONTROL, NO_CACHE);
        });
    }

    private void data(Exchange exchange, RoutingContext routing, String name) {
        pass(exchange, routing, name, () -> security.api(exchange.response().headers()));
    }

    private void pass(Exchange exchange, RoutingContext routing, String name, Runnable describe) {
        exchange.routedTo(name, false);
        HttpMethod method = exchange.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            exchange.response().putHeader("allow", "GET, HEAD");
            problems.send(exchange, GatewayProblem.METHOD_NOT_ALLOWED);
            return;
        }
        routing.put(Exchange.class.getName(), exchange);
        routing.addHeadersEndHandler(head -> {
            describe.run();
            exchange.describe(exchange.response().headers());
        });
        routing.next();
    }

    private void redirect(Exchange exchange, String location) {
        exchange.routedTo("redirect", false);
        security.page(exchange.response().headers());
        exchange.describe(exchange.response().headers());
        exchange.response()
                .setStatusCode(302)
                .putHeader(Names.LOCATION, location)
                .end();
    }
}
