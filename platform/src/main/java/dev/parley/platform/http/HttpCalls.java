package dev.parley.platform.http;

import dev.parley.platform.problem.CommonProblem;
import io.vertx.core.Future;
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
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests over pooled, kept-alive connections; the calling virtual thread waits for the answer. What keeps its
 * connection for long, streams and patient calls, has connections of its own: however many are open, other calls do not
 * wait for them.
 */
@ApplicationScoped
class HttpCalls {
    private static final int CONNECT_MILLIS = 1_000;
    static final int POOL = 256;
    /** Streams and patient calls to one service. */
    static final int LONG = 2_048;

    private static final int QUEUE = 4 * POOL;

    private final HttpClient calls;
    private final HttpClient longCalls;

    HttpCalls(Vertx vertx) {
        this.calls = client(vertx, POOL);
        this.longCalls = client(vertx, LONG);
    }

    private static HttpClient client(Vertx vertx, int connections) {
        return vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(60)
                        .setTcpNoDelay(true)
                        .setTracingPolicy(TracingPolicy.IGNORE),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(QUEUE));
    }

    /** Sends a request and waits for the whole answer; a 503 problem when there is none in time. */
    Answer call(String method, String url, Map<String, String> headers, byte[] body, Duration timeout, String part) {
        return await(begin(calls, method, url, headers, body, timeout), timeout, part);
    }

    /** As {@link #call}, for what may take long: it is no burden to those that do not. */
    Answer callPatiently(
            String method, String url, Map<String, String> headers, byte[] body, Duration timeout, String part) {
        return await(begin(longCalls, method, url, headers, body, timeout), timeout, part);
    }

    /**
     * As {@link #call}, but a part that shows no sign of life is not waited for: no answer to anybody in the last
     * seconds, and none to a look at its health within the silence that is allowed. That is asked as long as the call
     * waits, because a part may also fall silent meanwhile.
     */
    Answer call(
            String method,
            String url,
            Map<String, String> headers,
            byte[] body,
            Duration timeout,
            String part,
            Pulse pulse) {
        long giveUp = System.nanoTime() + timeout.toNanos();
        CompletableFuture<Answer> answer = begin(calls, method, url, headers, body, timeout);
        answer.thenRun(pulse::heard);
        Duration half = pulse.silence().dividedBy(2);
        while (!isDone(answer, half) && isWaiting(giveUp)) {
            if (!pulse.isHeard() && !isAlive(answer, pulse, half)) {
                answer.cancel(true);
                throw CommonProblem.unavailable(part, new TimeoutException("no sign of life"));
            }
        }
        return await(answer, Duration.ofNanos(Math.max(0, giveUp - System.nanoTime())), part);
    }

    private static boolean isWaiting(long giveUp) {
        return System.nanoTime() - giveUp < 0 && !Thread.currentThread().isInterrupted();
    }

    /** Whether there is an answer by now, to this call or to anybody; a look that fails is none. */
    private boolean isAlive(CompletableFuture<Answer> answer, Pulse pulse, Duration patience) {
        CompletableFuture<Void> look =
                begin(calls, "GET", pulse.healthUrl(), Map.of(), null, patience).thenRun(pulse::heard);
        isDone(CompletableFuture.anyOf(answer, look), patience);
        return answer.isDone() || pulse.isHeard();
    }

    private CompletableFuture<Answer> begin(
            HttpClient client,
            String method,
            String url,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout) {
        return begin(client, method, url, headers, body, timeout, response -> response.body()
                .map(content ->
                        new Answer(response.statusCode(), response.getHeader("Retry-After"), content.getBytes())));
    }

    /** What is made of the answer to come; cancelled, the request is not sent any more, or its connection is closed. */
    private <T> CompletableFuture<T> begin(
            HttpClient client,
            String method,
            String url,
            Map<String, String> headers,
            byte @Nullable [] body,
            Duration timeout,
            Function<HttpClientResponse, Future<T>> reading) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        open(client, method, url, headers, timeout)
                .compose(request -> {
                    answer.whenComplete((done, failure) -> {
                        if (answer.isCancelled()) {
                            request.reset();
                        }
                    });
                    // Before it is sent: Vert.x drops what arrives before the handlers are in place.
                    Future<T> whole = request.response().compose(reading);
                    if (!answer.isCancelled()) {
                        send(request, body);
                    }
                    return whole;
                })
                .onComplete(answer::complete, answer::completeExceptionally);
        return answer;
    }

    /** Whether it ends in that time, well or badly. */
    private static boolean isDone(CompletableFuture<?> future, Duration patience) {
        try {
            future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (ExecutionException failure) {
            return true;
        } catch (TimeoutException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Sends a request whose answer is read as server-sent events while it arrives. */
    EventStream stream(String url, Map<String, String> headers, byte[] body, Duration timeout, String part) {
        EventStream stream = new EventStream(timeout, part);
        CompletableFuture<Integer> status = begin(longCalls, "POST", url, headers, body, timeout, response -> {
            stream.attach(response);
            return Future.succeededFuture(response.statusCode());
        });
        try {
            await(status, timeout, part);
        } catch (RuntimeException failure) {
            // The answer may have come at the very end of the wait.
            stream.close();
            throw failure;
        }
        return stream;
    }

    private static void send(HttpClientRequest request, byte @Nullable [] body) {
        if (body == null) {
            request.send();
        } else {
            request.send(Buffer.buffer(body));
        }
    }

    private static Future<HttpClientRequest> open(
            HttpClient client, String method, String url, Map<String, String> headers, Duration timeout) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setAbsoluteURI(url)
                .setConnectTimeout(timeout.toMillis())
                .setIdleTimeout(timeout.toMillis());
        headers.forEach(options::putHeader);
        return client.request(options);
    }

    private static <T> T await(CompletableFuture<T> future, Duration timeout, String part) {
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw CommonProblem.unavailable(part, failure.getCause());
        } catch (TimeoutException failure) {
            future.cancel(true);
            throw CommonProblem.unavailable(part, failure);
        } catch (InterruptedException interrupted) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw CommonProblem.unavailable(part, interrupted);
        }
    }

    /** An answer with its body in memory. */
    record Answer(int status, String retryAfter, byte[] body) {}
}
