package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many open streams of one service. */
class OpenStreamsTest {
    private static final int MANY = 1_000;
    private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

    @Test
    void areAllOpenAtOnceAndHoldNoOtherCallUp() throws Exception {
        Vertx vertx = Vertx.vertx();
        HttpCalls calls = new HttpCalls(vertx);
        CountDownLatch end = new CountDownLatch(1);
        HttpServer service = service(end);
        String url = "http://127.0.0.1:" + service.getAddress().getPort();
        List<EventStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < MANY; i++) {
                open.add(calls.stream(url + "/stream", Map.of(), NOTHING, Duration.ofSeconds(60), "agent-service"));
            }

            assertThat(calls.call("POST", url + "/call", Map.of(), NOTHING, Duration.ofSeconds(20), "agent-service")
                            .status())
                    .isEqualTo(200);
            assertThat(open)
                    .allSatisfy(stream -> assertThat(stream.next().data()).isEqualTo("first"));
        } finally {
            open.forEach(EventStream::close);
            end.countDown();
            service.stop(0);
            vertx.close();
        }
    }

    /** One whose streams say something, and no more until the end. */
    private static HttpServer service(CountDownLatch end) throws IOException {
        HttpServer service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MANY);
        service.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        service.createContext("/stream", exchange -> {
            try (exchange) {
                exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("data: first\n\n".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
                end.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        service.createContext("/call", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        service.start();
        return service;
    }
}
