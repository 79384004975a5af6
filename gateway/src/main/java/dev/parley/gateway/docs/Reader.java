package dev.parley.gateway.docs;

import dev.parley.gateway.http.Exchange;
import dev.parley.gateway.http.GatewayProblem;
import dev.parley.gateway.http.Problems;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Serves the merged document at /openapi and a page to read and try it at /docs/, all from this process. */
@ApplicationScoped
public class Reader {
    private static final String TYPE = "content-type";
    private static final Map<String, String> ASSETS = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");

    private final OpenApiSource source;
    private final Problems problems;
    private final Vertx vertx;
    private final String webjar;

    Reader(
            OpenApiSource source,
            Problems problems,
            Vertx vertx,
            @ConfigProperty(name = "gateway.docs.swagger-ui-version") String version) {
        this.source = source;
        this.problems = problems;
        this.vertx = vertx;
        this.webjar = "META-INF/resources/webjars/swagger-ui/" + version + "/";
    }

    /** Adds the routes; the edge has checked method and rate before. */
    public void register(Router router) {
        router.get("/openapi").handler(this::document);
        router.head("/openapi").handler(this::document);
        router.get("/docs/*").handler(this::page);
        router.head("/docs/*").handler(this::page);
    }

    private void document(RoutingContext routing) {
        source.document().onComplete(done -> {
            if (done.result() == null) {
                Exchange exchange = routing.get(Exchange.class.getName());
                problems.send(exchange, GatewayProblem.UNAVAILABLE);
            } else {
                send(routing, "application/json", done.result());
            }
        });
    }

    private void page(RoutingContext routing) {
        String file = routing.request().path().substring("/docs/".length());
        switch (file) {
            case "" -> resource(routing, "docs/index.html", "text/html; charset=utf-8");
            case "start.js" -> resource(routing, "docs/start.js", "text/javascript; charset=utf-8");
            default -> {
                String type = ASSETS.get(file);
                if (type == null) {
                    routing.next();
                } else {
                    resource(routing, webjar + file, type);
                }
            }
        }
    }

    /** Reads off the event loop: the reader's script is larger than a socket's buffer and rarely asked for. */
    private void resource(RoutingContext routing, String name, String type) {
        vertx.executeBlocking(() -> read(name), false)
                .onSuccess(content -> send(routing, type, content))
                .onFailure(routing::fail);
    }

    private static Buffer read(String name) {
        try (var in = Thread.currentThread().getContextClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void send(RoutingContext routing, String type, Buffer content) {
        routing.response().putHeader(TYPE, type).end(content);
    }
}
