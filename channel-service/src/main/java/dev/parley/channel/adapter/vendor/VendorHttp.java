package dev.parley.channel.adapter.vendor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Calls vendors' APIs and tells apart what matters for not sending twice: whether a call that failed may have arrived.
 */
@ApplicationScoped
public class VendorHttp {
    /** The most bytes of an answer that is read as a whole. */
    private static final long LONGEST_ANSWER = 1L << 20;

    private static final int CONNECTIONS_PER_VENDOR = 64;

    private static final String CUT = "the connection was cut before the answer";

    private final HttpClient client;
    private final VendorConfig config;
    private final String userAgent;

    VendorHttp(
            Vertx vertx,
            VendorConfig config,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version) {
        this.config = config;
        this.userAgent = "Parley/" + version;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) config.connectTimeout().toMillis())
                        // Addresses hold tokens, and a trace would show them.
                        .setTracingPolicy(TracingPolicy.IGNORE),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_VENDOR));
    }

    /** Posts JSON and waits for the answer; never throws for what the network does. */
    public Result postJson(String url, byte[] json) {
        return post(url, Map.of(), "application/json", json);
    }

    /** Posts and waits for the answer; never throws for what the network does. */
    public Result post(String url, Map<String, String> headers, String contentType, byte[] body) {
        return call(HttpMethod.POST, url, headers, contentType, body);
    }

    /** Asks and waits for the answer; never throws for what the network does. */
    public Result get(String url, Map<String, String> headers) {
        return call(HttpMethod.GET, url, headers, null, new byte[0]);
    }

    /**
     * Asks for a file and waits for its beginning; never throws for what the network does. The rest comes as it is read,
     * and is never held as a whole: whoever gets a {@link Download} closes it.
     */
    public Opening open(String url, Map<String, String> headers) {
        HttpClientRequest request;
        try {
            request = connected(HttpMethod.GET, url, headers, null);
        } catch (NotConnected none) {
            return new NotSent(none.getMessage());
        }
        Future<Download> opening = request.response()
                .map(response -> new Download(
                        response.statusCode(),
                        headers(response),
                        new VendorBody(request, response, config.timeout(), config.fileTimeout())));
        request.send();
        try {
            return await(opening, config.timeout());
        } catch (TimeoutException late) {
            request.reset();
            return new Unanswered(late());
        } catch (ExecutionException cut) {
            return new Unanswered(CUT);
        }
    }

    private Result call(
            HttpMethod method, String url, Map<String, String> headers, @Nullable String contentType, byte[] body) {
        HttpClientRequest request;
        try {
            request = connected(method, url, headers, contentType);
        } catch (NotConnected none) {
            return new NotSent(none.getMessage());
        }
        // The handlers are in place before anything is sent: Vert.x drops what arrives before them.
        Future<Response> answering = request.response().compose(response -> read(request, response));
        request.send(Buffer.buffer(body));
        try {
            return await(answering, config.timeout());
        } catch (TimeoutException late) {
            request.reset();
            return new Unanswered(late());
        } catch (ExecutionException cut) {
            return new Unanswered(cut.getCause() instanceof TooLong tooLong ? tooLong.getMessage() : CUT);
        }
    }

    private HttpClientRequest connected(
            HttpMethod method, String url, Map<String, String> headers, @Nullable String contentType)
            throws NotConnected {
        Future<HttpClientRequest> opening;
        try {
            RequestOptions options = new RequestOptions()
                    .setMethod(method)
                    .setAbsoluteURI(url)
                    .setConnectTimeout(config.connectTimeout().toMillis());
            // Hosts of files refuse who does not say who asks.
            options.putHeader("User-Agent", userAgent);
            headers.forEach(options::putHeader);
            if (contentType != null) {
                options.putHeader("Content-Type", contentType);
            }
            opening = client.request(options);
        } catch (IllegalArgumentException malformed) {
            throw new NotConnected("the address is not valid");
        }
        try {
            return await(opening, config.connectTimeout().plusMillis(500));
        } catch (TimeoutException | ExecutionException notConnected) {
            opening.onSuccess(HttpClientRequest::reset);
            throw new NotConnected("no connection");
        }
    }

    private String late() {
        return "no answer in " + config.timeout().toMillis() + " ms";
    }

    private static Future<Response> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Response> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(whole::tryFail);
        response.handler(chunk -> {
            if (body.length() + (long) chunk.length() > LONGEST_ANSWER) {
                whole.tryFail(new TooLong());
                request.reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.endHandler(
                end -> whole.tryComplete(new Response(response.statusCode(), headers(response), body.getBytes())));
        return whole.future();
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }

    private static <T> T await(Future<T> future, Duration limit) throws TimeoutException, ExecutionException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new ExecutionException(stopping);
        }
    }

    /** What became of a call. */
    public sealed interface Result {}

    /** The vendor answered, with whatever status. */
    public record Response(int status, Map<String, String> headers, byte[] body) implements Result {
        /** The body read as JSON; a missing node when it is none. */
        public JsonNode tree(ObjectMapper json) {
            try {
                JsonNode tree = json.readTree(body);
                return tree == null ? MissingNode.getInstance() : tree;
            } catch (IOException notJson) {
                return MissingNode.getInstance();
            }
        }

        /** A header's value by its lower-case name, or null. */
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /** What became of asking for a file. */
    public sealed interface Opening {}

    /** The vendor answered, with whatever status; the body comes as it is read. */
    public record Download(int status, Map<String, String> headers, InputStream body) implements Opening {
        /** A header's value by its lower-case name, or null. */
        public @Nullable String header(String name) {
            return headers.get(name);
        }
    }

    /** Nothing was sent, for certain. */
    public record NotSent(String reason) implements Result, Opening {}

    /** The call was sent and no answer came, or none that can be: it may have had its effect. */
    public record Unanswered(String reason) implements Result, Opening {}

    private static final class NotConnected extends Exception {
        private static final long serialVersionUID = 1L;

        NotConnected(String reason) {
            super(reason, null, false, false);
        }
    }

    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("the answer has more than " + LONGEST_ANSWER + " bytes", null, false, false);
        }
    }
}
