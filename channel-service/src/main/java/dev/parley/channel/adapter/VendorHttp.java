package dev.parley.channel.adapter;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls vendors' APIs and tells apart what matters for not sending twice: whether a call that failed may have arrived.
 */
@ApplicationScoped
public class VendorHttp {
    private static final int CONNECTIONS_PER_VENDOR = 64;

    private final HttpClient client;
    private final VendorConfig config;

    VendorHttp(Vertx vertx, VendorConfig config) {
        this.config = config;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) config.connectTimeout().toMillis()),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_VENDOR));
    }

    /** Posts JSON and waits for the answer; never throws for what the network does. */
    public Result postJson(String url, byte[] json) {
        Future<HttpClientRequest> opening;
        try {
            opening = client.request(new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setAbsoluteURI(url)
                    .setConnectTimeout(config.connectTimeout().toMillis())
                    .putHeader("Content-Type", "application/json"));
        } catch (IllegalArgumentException malformed) {
            return new NotSent("the address is not valid");
        }
        HttpClientRequest request;
        try {
            request = await(opening, config.connectTimeout().plusMillis(500));
        } catch (TimeoutException | ExecutionException notConnected) {
            opening.onSuccess(HttpClientRequest::reset);
            return new NotSent("no connection");
        }
        // The handlers are in place before anything is sent: Vert.x drops what arrives before them.
        Future<Response> answering = request.response()
                .compose(response -> response.body().map(body -> new Response(response.statusCode(), body.getBytes())));
        request.send(Buffer.buffer(json));
        try {
            return await(answering, config.timeout());
        } catch (TimeoutException late) {
            request.reset();
            return new Unanswered("no answer in " + config.timeout().toMillis() + " ms");
        } catch (ExecutionException cut) {
            return new Unanswered("the connection was cut before the answer");
        }
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
    public record Response(int status, byte[] body) implements Result {}

    /** Nothing was sent, for certain. */
    public record NotSent(String reason) implements Result {}

    /** The call was sent and no answer came: it may have had its effect. */
    public record Unanswered(String reason) implements Result {}
}
