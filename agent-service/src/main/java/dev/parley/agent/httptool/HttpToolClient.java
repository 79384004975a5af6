package dev.parley.agent.httptool;

import dev.parley.agent.tool.ToolFailure;
import dev.parley.platform.address.Address;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
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
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Posts to addresses that tenants named: each time to an IP address that was just checked, under the address's own name,
 * following no redirect, reading no more than it may, and no longer. It blocks the calling (virtual) thread.
 */
@ApplicationScoped
class HttpToolClient {
    private static final int KEEP_ALIVE_SECONDS = 4;
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;
    private static final Set<Integer> NOT_ITS_OWN = Set.of(502, 504);
    private static final String LATE = "The function did not answer in time.";
    private static final String CUT = "The connection to the function failed.";
    private static final String UNCLEAR = " Whether it did what was asked is not known.";
    private static final String UNUSABLE = "(no usable answer)";

    private final HttpClient client;
    private final Addresses addresses;
    private final HttpToolConfig config;

    HttpToolClient(Vertx vertx, Addresses addresses, HttpToolConfig config) {
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                        .setTracingPolicy(TracingPolicy.IGNORE)
                        .setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(config.maxConnections()));
        this.addresses = addresses;
        this.config = config;
    }

    /**
     * One call.
     *
     * @param header the name of the header for the secret; null with it
     * @param key by which the receiver tells a repetition
     */
    record Call(String url, String header, String secret, String key, String body, Duration timeout) {
        /** Shows neither address nor secret. */
        @Override
        public String toString() {
            return "Call[" + key + "]";
        }
    }

    /** What came back. */
    private record Answer(int status, String type, Buffer body, boolean tooLong) {}

    /**
     * Posts and returns the text of the answer; a success that says nothing usable is one.
     *
     * @throws ToolFailure when it was not done; an unclear one when the request was on its way and nobody said how it ended
     */
    String post(TenantId tenant, Call call) {
        long until = System.nanoTime() + call.timeout().toNanos();
        RequestOptions options = options(tenant, call, until);
        CompletableFuture<HttpClientRequest> open = new CompletableFuture<>();
        CompletableFuture<Answer> coming = new CompletableFuture<>();
        // Taken once: by who sends, or by who gives up first, and then nothing is ever sent.
        AtomicBoolean taken = new AtomicBoolean();
        client.request(options)
                .onSuccess(request -> {
                    open.complete(request);
                    if (!taken.compareAndSet(false, true)) {
                        request.reset();
                        return;
                    }
                    // In place before anything is sent: Vert.x drops what arrives before the handlers are.
                    request.response()
                            .onSuccess(response -> read(request, response, coming))
                            .onFailure(coming::completeExceptionally);
                    request.send(Buffer.buffer(call.body())).onFailure(coming::completeExceptionally);
                })
                .onFailure(coming::completeExceptionally);
        try {
            return text(coming.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            throw givenUp(open, taken, LATE);
        } catch (ExecutionException cut) {
            throw givenUp(open, taken, CUT);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw givenUp(open, taken, CUT);
        }
    }

    private static ToolFailure givenUp(CompletableFuture<HttpClientRequest> open, AtomicBoolean taken, String why) {
        boolean unsent = taken.compareAndSet(false, true);
        open.thenAccept(HttpClientRequest::reset);
        return unsent ? new ToolFailure(why) : ToolFailure.unclear(why + UNCLEAR);
    }

    private RequestOptions options(TenantId tenant, Call call, long until) {
        Address address;
        List<InetAddress> checked;
        try {
            address = addresses.read(call.url());
            checked = addresses.resolve(tenant, address, call.timeout());
        } catch (RefusedAddress refused) {
            throw new ToolFailure("The function cannot be reached at its address.");
        }
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left <= 0) {
            throw new ToolFailure(LATE);
        }
        RequestOptions options = address.request(HttpMethod.POST, address.at(checked.getFirst()))
                .setConnectTimeout(Math.min(left, config.connectTimeout().toMillis()))
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", "application/json, text/plain")
                .putHeader("User-Agent", "Parley-Tools/1")
                .putHeader("Idempotency-Key", call.key());
        return call.secret() == null ? options : options.putHeader(call.header(), call.secret());
    }

    private void read(HttpClientRequest request, HttpClientResponse response, CompletableFuture<Answer> coming) {
        Buffer body = Buffer.buffer();
        String type = response.getHeader("Content-Type");
        response.exceptionHandler(coming::completeExceptionally)
                .handler(part -> {
                    if (body.length() + part.length() > config.maxAnswerBytes()) {
                        coming.complete(new Answer(response.statusCode(), type, body, true));
                        request.reset();
                    } else {
                        body.appendBuffer(part);
                    }
                })
                .endHandler(end -> coming.complete(new Answer(response.statusCode(), type, body, false)));
    }

    private static String text(Answer answer) {
        if (answer.status() / HUNDRED != SUCCESS) {
            String said = "The function answered with the status " + answer.status() + ".";
            throw NOT_ITS_OWN.contains(answer.status()) ? ToolFailure.unclear(said + UNCLEAR) : new ToolFailure(said);
        }
        if (answer.tooLong()) {
            return UNUSABLE;
        }
        if (answer.body().length() == 0) {
            return "(nothing)";
        }
        return isText(answer.type()) ? new String(answer.body().getBytes(), StandardCharsets.UTF_8) : UNUSABLE;
    }

    private static boolean isText(String type) {
        String plain = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return plain.equals("application/json") || plain.endsWith("+json") || plain.startsWith("text/");
    }
}
