package dev.parley.channel.webhookdelivery;

import io.vertx.core.AsyncResult;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One attempt while it is under way; it ends once, whoever of the network and the clock is first. */
final class Call {
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}&&[^\\r\\n\\t]]");
    private static final int KEPT = 1_024;
    private static final int MOST_READ = 65_536;
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final String LATE = "no answer in time";
    private static final int SUCCESS = 2;
    private static final int HUNDRED = 100;

    private final Due delivery;
    private final Instant at;
    private final long startedNanos;
    private final Consumer<Call> told;
    private final AtomicReference<@Nullable Attempt> attempt = new AtomicReference<>();
    private final Buffer answer = Buffer.buffer();
    private volatile @Nullable HttpClientRequest request;
    private volatile boolean late;
    private @Nullable RequestOptions options;
    private volatile @Nullable HttpClientResponse response;
    private long read;

    Call(Due delivery, Instant at, long startedNanos, Consumer<Call> told) {
        this.delivery = delivery;
        this.at = at;
        this.startedNanos = startedNanos;
        this.told = told;
    }

    Due delivery() {
        return delivery;
    }

    /** What became of it; null while it is under way. */
    @Nullable
    Attempt attempt() {
        return attempt.get();
    }

    /** Gives up when it has taken that long; when a status came by then, it counts. */
    void giveUpAfter(Duration limit) {
        Duration took = Duration.ofNanos(System.nanoTime() - startedNanos);
        if (attempt.get() != null || took.compareTo(limit) < 0) {
            return;
        }
        late = true;
        HttpClientRequest open = request;
        if (open == null || took.compareTo(limit.plus(GRACE)) > 0) {
            failed(LATE);
        } else {
            open.reset(); // its handlers end the attempt
        }
    }

    /** How to ask for it. */
    void begin(RequestOptions signed) {
        options = signed;
    }

    RequestOptions options() {
        return Objects.requireNonNull(options);
    }

    void failed(String reason) {
        end(null, late ? LATE : reason, null);
    }

    void opened(AsyncResult<HttpClientRequest> opening) {
        if (opening.failed()) {
            failed(NoConnection.because(opening.cause()));
            return;
        }
        HttpClientRequest open = opening.result();
        request = open;
        if (attempt.get() != null) {
            open.reset();
            return;
        }
        // In place before anything is sent: Vert.x drops what arrives before the handlers are.
        open.response().onComplete(this::begun);
        open.send(Buffer.buffer(delivery.payload())).onFailure(cut -> failed("the connection was cut"));
    }

    private void begun(AsyncResult<HttpClientResponse> beginning) {
        if (beginning.failed()) {
            failed("the connection was cut before the answer");
            return;
        }
        HttpClientResponse begun = beginning.result();
        response = begun;
        begun.exceptionHandler(cut -> answered()).handler(this::more).endHandler(end -> answered());
    }

    private void more(Buffer part) {
        if (answer.length() < KEPT) {
            answer.appendBuffer(part, 0, Math.min(part.length(), KEPT - answer.length()));
        }
        read += part.length();
        HttpClientRequest open = request;
        if (read > MOST_READ && open != null) {
            answered();
            open.reset();
        }
    }

    /** The status says all; the rest of a body that is long, slow or cut is of no interest. */
    private void answered() {
        HttpClientResponse of = response;
        if (of == null) {
            return;
        }
        int status = of.statusCode();
        end(
                status,
                status / HUNDRED == SUCCESS ? null : "answered " + status,
                RetryAfter.of(status == 429 || status == 503 ? of.getHeader("Retry-After") : null, at)
                        .orElse(null));
    }

    void end(@Nullable Integer status, @Nullable String error, @Nullable Duration retryAfter) {
        Attempt ended = new Attempt(
                at,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos),
                status,
                error,
                status == null ? null : text(answer),
                retryAfter);
        if (attempt.compareAndSet(null, ended)) {
            told.accept(this);
        }
    }

    /** What a log can hold: no character that controls something, and no half ones. */
    private static @Nullable String text(Buffer bytes) {
        if (bytes.length() == 0) {
            return null;
        }
        String text = UNPRINTABLE
                .matcher(new String(bytes.getBytes(), StandardCharsets.UTF_8))
                .replaceAll("")
                .strip();
        return text.isEmpty() ? null : text;
    }
}
