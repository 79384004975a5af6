package dev.parley.agent.provider.wire;

import dev.parley.agent.provider.LlmFailure;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Posts JSON to providers: pooled keep-alive connections, a deadline over everything, and another try on a failed
 * connection, 429 or 5xx as long as no byte of an answer has come and the provider's retry budget allows. Methods block
 * the calling (virtual) thread.
 */
@Singleton
public class ProviderTransport {
    private static final Logger LOG = Logger.getLogger(ProviderTransport.class);
    private static final int ERROR_BODY_BYTES = 64 * 1024;

    private final ProviderCallConfig config;
    private final RetryPolicy policy;
    private final Clock clock;
    private final HttpClient client;
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();

    @Inject
    public ProviderTransport(Vertx vertx, ProviderCallConfig config, Clock clock) {
        this.config = config;
        this.policy = new RetryPolicy(config.retry());
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout(
                                Math.toIntExact(config.connectTimeout().toMillis()))
                        .setKeepAliveTimeout(30)
                        .setTcpNoDelay(true)
                        .setPoolCleanerPeriod(5000),
                new PoolOptions().setHttp1MaxSize(config.maxConnections()));
    }

    /** An event of a stream; {@code name} is null when it has none. Called in order, on an event loop: must not block. */
    @FunctionalInterface
    public interface EventSink {
        /** Takes one event. */
        void event(String name, byte[] data);
    }

    /**
     * Posts and returns the whole body of a 2xx answer.
     *
     * @throws LlmFailure when there is none: after retries, at a deadline, or cut short
     */
    public byte[] post(URI address, Map<String, String> headers, byte[] body) {
        Buffer answer = Buffer.buffer(1024);
        call(address, headers, body, config.wholeAnswerTimeout(), chunk -> {
            if (answer.length() + chunk.length() > config.maxReplyBytes()) {
                throw new IllegalStateException("reply too large");
            }
            answer.appendBuffer(chunk);
        });
        return answer.getBytes();
    }

    /**
     * Posts and hands over the events of a 2xx answer as they arrive. A normal return means only that the connection
     * ended properly: whether the stream said all it had to is the adapter's to judge.
     *
     * @throws LlmFailure as {@link #post}
     */
    public void stream(URI address, Map<String, String> headers, byte[] body, EventSink sink) {
        ServerSentEvents events = new ServerSentEvents(config.maxReplyBytes(), sink::event);
        int[] total = {0};
        call(address, headers, body, config.firstByteTimeout(), chunk -> {
            total[0] += chunk.length();
            if (total[0] > 4L * config.maxReplyBytes()) {
                throw new IllegalStateException("stream too large");
            }
            events.feed(chunk);
        });
    }

    private void call(URI address, Map<String, String> headers, byte[] body, Duration firstByte, ChunkSink chunks) {
        CallBounds bounds =
                CallBounds.current(System.nanoTime() + config.totalTimeout().toNanos());
        long deadline = bounds.deadline();
        Peer peer = peers.computeIfAbsent(
                address.getAuthority(),
                any -> new Peer(
                        new RetryBudget(config.retry().budget(), config.retry().budgetReserve(), System::nanoTime),
                        new AtomicLong(System.nanoTime())));
        peer.budget().called();
        Buffer payload = Buffer.buffer(body);
        int retries = 0;
        while (true) {
            Attempt attempt = new Attempt(chunks, firstByte, peer);
            Outcome outcome = attempt.run(address, headers, payload, deadline);
            if (outcome.failure() == null) {
                return;
            }
            if (!outcome.retryable()) {
                throw outcome.failure();
            }
            Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
            Optional<Duration> pause =
                    policy.pause(retries, outcome.retryAfter(), remaining, ThreadLocalRandom.current());
            if (pause.isEmpty()
                    || pause.get().compareTo(bounds.longestPause()) > 0
                    || !peer.budget().tryRetry()) {
                throw outcome.failure();
            }
            retries++;
            LOG.debugf("provider call failed, retry %d in %s", retries, pause.get());
            pause(pause.get());
        }
    }

    private static void pause(Duration duration) {
        new CompletableFuture<Void>()
                .completeOnTimeout(null, duration.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /**
     * What is known of the provider at an address, whoever's key it is asked with.
     *
     * @param answeredAt the {@link System#nanoTime()} at which it last began an answer
     */
    private record Peer(RetryBudget budget, AtomicLong answeredAt) {}

    @FunctionalInterface
    private interface ChunkSink {
        void chunk(Buffer chunk);
    }

    private record Outcome(LlmFailure failure, boolean retryable, Optional<Duration> retryAfter) {
        static final Outcome DONE = new Outcome(null, false, Optional.empty());

        static Outcome unreachable(Throwable cause) {
            return new Outcome(
                    new LlmFailure(LlmFailure.Reason.UNREACHABLE, "The model provider cannot be reached.", cause),
                    true,
                    Optional.empty());
        }

        static Outcome broken(String message, Throwable cause) {
            return new Outcome(new LlmFailure(LlmFailure.Reason.FAILED, message, cause), false, Optional.empty());
        }

        static Outcome cut(Throwable cause) {
            LlmFailure failure = new LlmFailure(
                    LlmFailure.Reason.FAILED, "The model provider broke off its answer.", cause, LlmFailure.Health.ILL);
            return new Outcome(failure, false, Optional.empty());
        }

        static Outcome late(LlmFailure.Health health) {
            LlmFailure failure = new LlmFailure(
                    LlmFailure.Reason.TIMEOUT, "The model provider did not answer in time.", null, health);
            return new Outcome(failure, false, Optional.empty());
        }
    }

    /** One request on one connection. Handlers run on the connection's event loop; the caller's thread waits once. */
    private final class Attempt {
        private final ChunkSink chunks;
        private final Duration firstByte;
        private final Peer peer;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private volatile HttpClientRequest request;
        private volatile boolean answered;
        private volatile boolean given;

        Attempt(ChunkSink chunks, Duration firstByte, Peer peer) {
            this.chunks = chunks;
            this.firstByte = firstByte;
            this.peer = peer;
        }

        Outcome run(URI address, Map<String, String> headers, Buffer body, long deadline) {
            long started = System.nanoTime();
            client.request(options(address, headers)).onComplete(opened -> {
                if (opened.failed()) {
                    outcome.complete(Outcome.unreachable(opened.cause()));
                    return;
                }
                request = opened.result();
                if (given) {
                    request.reset();
                    return;
                }
                request.response().onComplete(head -> {
                    if (head.failed()) {
                        outcome.complete(Outcome.unreachable(head.cause()));
                    } else {
                        answered = true;
                        peer.answeredAt().set(System.nanoTime());
                        receive(head.result());
                    }
                });
                request.end(body);
            });
            try {
                long begun = started + firstByte.toNanos();
                try {
                    return outcome.get(Math.min(begun, deadline) - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException noWholeAnswerYet) {
                    if (!answered || System.nanoTime() >= deadline) {
                        throw noWholeAnswerYet;
                    }
                    return outcome.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                }
            } catch (TimeoutException late) {
                abandon();
                return Outcome.late(hangs(started) ? LlmFailure.Health.ILL : LlmFailure.Health.UNKNOWN);
            } catch (InterruptedException interrupted) {
                abandon();
                Thread.currentThread().interrupt();
                return Outcome.broken("The call to the model provider was interrupted.", interrupted);
            } catch (ExecutionException unexpected) {
                abandon();
                return Outcome.broken("The call to the model provider failed.", unexpected.getCause());
            }
        }

        /**
         * A stream that does not begin is the provider's fault. How long a whole answer takes is its caller's too, unless
         * nobody was answered all that time. What was left of a run tells nothing.
         */
        private boolean hangs(long started) {
            boolean hadAllItsTime = !answered && System.nanoTime() - started >= firstByte.toNanos();
            return hadAllItsTime
                    && (firstByte.equals(config.firstByteTimeout())
                            || peer.answeredAt().get() - started < 0);
        }

        private RequestOptions options(URI address, Map<String, String> headers) {
            boolean tls = "https".equalsIgnoreCase(address.getScheme());
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setSsl(tls)
                    .setHost(address.getHost())
                    .setPort(address.getPort() > 0 ? address.getPort() : tls ? 443 : 80)
                    .setURI(
                            address.getRawQuery() == null
                                    ? address.getRawPath()
                                    : address.getRawPath() + "?" + address.getRawQuery())
                    .putHeader("content-type", "application/json");
            headers.forEach(options::putHeader);
            return options;
        }

        private void receive(HttpClientResponse response) {
            int status = response.statusCode();
            boolean success = status >= 200 && status < 300;
            Buffer error = success ? null : Buffer.buffer();
            response.handler(chunk -> {
                if (given) {
                    return;
                }
                if (success) {
                    try {
                        chunks.chunk(chunk);
                    } catch (LlmFailure refused) {
                        outcome.complete(new Outcome(refused, false, Optional.empty()));
                        abandon();
                    } catch (RuntimeException refused) {
                        outcome.complete(Outcome.broken("The model provider's answer is unreadable.", refused));
                        abandon();
                    }
                } else if (error.length() < ERROR_BODY_BYTES) {
                    error.appendBuffer(chunk);
                }
            });
            response.exceptionHandler(cut -> outcome.complete(Outcome.cut(cut)));
            response.endHandler(end -> outcome.complete(success ? Outcome.DONE : refused(response, error)));
        }

        private Outcome refused(HttpClientResponse response, Buffer body) {
            int status = response.statusCode();
            LOG.infof("provider answered %d %s", status, ErrorCode.of(body));
            Optional<Duration> retryAfter = RetryPolicy.retryAfter(
                    response.getHeader("retry-after-ms"), response.getHeader("retry-after"), clock.instant());
            LlmFailure failure = new LlmFailure(
                    reason(status), "The model provider answered " + status + ".", retryAfter.orElse(null));
            boolean mayRetry =
                    RetryPolicy.isRetryable(status) && !"false".equalsIgnoreCase(response.getHeader("x-should-retry"));
            return new Outcome(failure, mayRetry, retryAfter);
        }

        private static LlmFailure.Reason reason(int status) {
            return switch (status) {
                case 408, 504 -> LlmFailure.Reason.TIMEOUT;
                case 429 -> LlmFailure.Reason.BUSY;
                case 401, 403 -> LlmFailure.Reason.UNAUTHORIZED;
                case 400, 413, 422 -> LlmFailure.Reason.REJECTED;
                default -> LlmFailure.Reason.FAILED;
            };
        }

        private void abandon() {
            given = true;
            HttpClientRequest open = request;
            if (open != null) {
                open.reset();
            }
        }
    }
}
