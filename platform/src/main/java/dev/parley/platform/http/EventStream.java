package dev.parley.platform.http;

import dev.parley.platform.problem.CommonProblem;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Server-sent events of another service, read one by one; close it to stop reading. */
public final class EventStream implements AutoCloseable {
    private static final Event END = new Event("", "");

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final StringBuilder line = new StringBuilder();
    private final StringBuilder data = new StringBuilder();
    private final Duration timeout;
    private final String part;
    private String name = "message";
    private java.io.ByteArrayOutputStream pending = new java.io.ByteArrayOutputStream();
    private volatile @Nullable Throwable failure;
    private volatile int status;
    private volatile boolean ended;
    private volatile String contentType = "";
    private volatile @Nullable Context context;
    private volatile @Nullable HttpClientResponse response;
    private final java.io.ByteArrayOutputStream whole = new java.io.ByteArrayOutputStream();

    EventStream(Duration timeout, String part) {
        this.timeout = timeout;
        this.part = part;
    }

    void attach(HttpClientResponse opened) {
        context = Vertx.currentContext();
        response = opened;
        status = opened.statusCode();
        contentType = String.valueOf(opened.getHeader("Content-Type"));
        opened.exceptionHandler(error -> {
            failure = error;
            events.add(END);
        });
        opened.endHandler(ignored -> {
            ended = true;
            events.add(END);
        });
        opened.handler(buffer -> accept(buffer.getBytes()));
    }

    int status() {
        return status;
    }

    boolean isEvents() {
        return contentType.startsWith("text/event-stream");
    }

    /** The whole body of an answer that is not a stream, such as a problem. */
    byte[] body() {
        while (next() != null) {
            continue;
        }
        return whole.toByteArray();
    }

    private void accept(byte[] bytes) {
        if (!isEvents()) {
            whole.writeBytes(bytes);
            return;
        }
        for (byte b : bytes) {
            if (b == '\n') {
                line.append(pending.toString(StandardCharsets.UTF_8));
                pending.reset();
                endOfLine(line.toString());
                line.setLength(0);
            } else if (b != '\r') {
                pending.write(b);
            }
        }
    }

    private void endOfLine(String text) {
        if (text.isEmpty()) {
            if (!data.isEmpty()) {
                events.add(new Event(name, data.substring(0, data.length() - 1)));
            }
            name = "message";
            data.setLength(0);
        } else if (text.startsWith("event:")) {
            name = text.substring(6).strip();
        } else if (text.startsWith("data:")) {
            data.append(text.startsWith("data: ") ? text.substring(6) : text.substring(5))
                    .append('\n');
        }
    }

    /** The next event, or null at the end; a 503 problem when the stream broke or stayed silent for too long. */
    public @Nullable Event next() {
        try {
            Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null) {
                throw CommonProblem.unavailable(part, new java.util.concurrent.TimeoutException("silent stream"));
            }
            if (event == END) {
                events.add(END);
                if (failure != null) {
                    throw CommonProblem.unavailable(part, failure);
                }
                return null;
            }
            return event;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw CommonProblem.unavailable(part, interrupted);
        }
    }

    @Override
    public void close() {
        HttpClientResponse opened = response;
        Context its = context;
        if (opened != null && its != null && !ended) {
            its.runOnContext(ignored -> resetUnlessEnded(opened));
        }
    }

    /**
     * After the end the connection is back in the pool: a reset would break whoever has it now. Where the answer arrives,
     * none of it comes between the look and the reset.
     */
    private void resetUnlessEnded(HttpClientResponse opened) {
        if (!ended) {
            opened.request().reset();
        }
    }

    /** One event: its name ({@code message} unless given) and its data. */
    public record Event(String name, String data) {}
}
