package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of a stream and of the interest in it. */
class EventStreamTest {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final AtomicInteger resets = new AtomicInteger();
    private final AtomicReference<Handler<Void>> end = new AtomicReference<>();
    private final CountDownLatch busy = new CountDownLatch(1);
    private final EventStream stream = new EventStream(Duration.ofSeconds(60), "agent-service");

    /** What arrives has to wait, and so has whatever else is to happen there. */
    @BeforeEach
    void attach() throws InterruptedException {
        CountDownLatch attached = new CountDownLatch(1);
        context.runOnContext(ignored -> {
            stream.attach(response());
            attached.countDown();
            await(busy);
        });
        assertThat(attached.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @AfterEach
    void stop() {
        busy.countDown();
        vertx.close();
    }

    @Test
    void aConnectionWhoseAnswerEndsBeforeTheCloseGetsThereIsLeftAlone() throws Exception {
        context.runOnContext(ignored -> end.get().handle(null));

        stream.close();
        settle();

        assertThat(resets).hasValue(0);
    }

    @Test
    void aConnectionWhoseAnswerGoesOnIsResetOnce() throws Exception {
        stream.close();
        context.runOnContext(ignored -> end.get().handle(null));
        settle();
        stream.close();
        settle();

        assertThat(resets).hasValue(1);
    }

    private void settle() throws InterruptedException {
        busy.countDown();
        CountDownLatch done = new CountDownLatch(1);
        context.runOnContext(ignored -> done.countDown());
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @SuppressWarnings("unchecked")
    private HttpClientResponse response() {
        HttpClientRequest request = proxy(HttpClientRequest.class, (name, arguments) -> {
            if (name.equals("reset")) {
                resets.incrementAndGet();
                return true;
            }
            throw new UnsupportedOperationException(name);
        });
        return proxy(HttpClientResponse.class, (name, arguments) -> switch (name) {
            case "statusCode" -> 200;
            case "getHeader" -> "text/event-stream";
            case "request" -> request;
            case "endHandler" -> {
                end.set((Handler<Void>) arguments[0]);
                yield null;
            }
            case "handler", "exceptionHandler" -> null;
            default -> throw new UnsupportedOperationException(name);
        });
    }

    private static <T> T proxy(Class<T> type, Answering answering) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> answering.answer(method.getName(), arguments)));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(120, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Answering {
        Object answer(String method, Object[] arguments);
    }
}
