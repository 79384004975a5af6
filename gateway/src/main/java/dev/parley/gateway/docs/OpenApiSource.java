package dev.parley.gateway.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.parley.gateway.http.EdgeConfig;
import dev.parley.gateway.route.Route;
import dev.parley.gateway.route.RouteConfig;
import dev.parley.gateway.route.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/** Fetches the services' OpenAPI documents and keeps the merged one; a service that is down keeps its last part. */
@ApplicationScoped
class OpenApiSource {
    private static final Logger LOG = Logger.getLogger(OpenApiSource.class);
    private static final String PATH = "/q/openapi?format=json";
    private static final long FRESH = Duration.ofSeconds(60).toMillis();
    private static final long FRESH_WHEN_PARTIAL = Duration.ofSeconds(2).toMillis();
    private static final long TIMEOUT = Duration.ofSeconds(3).toMillis();
    private static final int CONNECT_MILLIS = 200;

    private final HttpClient client;
    private final Map<String, URI> services;
    private final RouteTable routes;
    private final Clock clock;
    private final String serverUrl;
    private final JsonMapper json = new JsonMapper();
    private final AtomicReference<Merged> current = new AtomicReference<>(new Merged(Map.of(), null, 0));

    OpenApiSource(Vertx vertx, RouteConfig config, RouteTable routes, EdgeConfig edge, Clock clock) {
        this.services = new TreeMap<>(config.services());
        this.routes = routes;
        this.clock = clock;
        this.serverUrl = edge.publicUrl().toString();
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setTracingPolicy(TracingPolicy.IGNORE));
    }

    /** The merged document as JSON, at most a minute old; null when no service has answered yet. */
    Future<Buffer> document() {
        Merged known = current.get();
        long age = clock.millis() - known.at();
        boolean complete = known.parts().size() == services.size();
        if (known.content() != null && age < (complete ? FRESH : FRESH_WHEN_PARTIAL)) {
            return Future.succeededFuture(known.content());
        }
        Future<Buffer> fetched = fetch(known);
        return known.content() != null && complete ? Future.succeededFuture(known.content()) : fetched;
    }

    private Future<Buffer> fetch(Merged known) {
        Map<String, JsonNode> parts = new TreeMap<>(known.parts());
        List<Future<?>> answers = new ArrayList<>();
        services.forEach((service, address) -> answers.add(fetch(service, address, parts)));
        return Future.join(answers).transform(done -> {
            var merged = merge(parts);
            current.set(merged);
            return Future.succeededFuture(merged.content());
        });
    }

    private Future<?> fetch(String service, URI address, Map<String, JsonNode> parts) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(address + PATH)
                .setTimeout(TIMEOUT);
        return client.request(options)
                .compose(request -> request.send())
                .compose(HttpClientResponse::body)
                .onSuccess(content -> {
                    try {
                        JsonNode document = json.readTree(content.getBytes());
                        if (document != null && document.path("paths").isObject()) {
                            parts.put(service, document);
                        }
                    } catch (IOException e) {
                        LOG.warnf("%s has no OpenAPI document", service);
                    }
                })
                .onFailure(failure -> LOG.debugf("%s does not give its OpenAPI document: %s", service, failure));
    }

    private Merged merge(Map<String, JsonNode> parts) {
        if (parts.isEmpty()) {
            return new Merged(parts, null, clock.millis());
        }
        var merged = new MergedOpenApi(serverUrl);
        parts.forEach((service, document) -> merged.add(service, document, path -> servedBy(service, path)));
        return new Merged(parts, Buffer.buffer(merged.document().toString()), clock.millis());
    }

    /** Templates such as {id} count as a segment like any other. */
    private boolean servedBy(String service, String path) {
        Route route = routes.find(path);
        return route != null && route.service().equals(service);
    }

    private record Merged(Map<String, JsonNode> parts, Buffer content, long at) {}
}
