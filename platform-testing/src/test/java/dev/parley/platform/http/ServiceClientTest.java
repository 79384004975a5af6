package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of a service that hands its own contexts out, too: {@code context-1}, {@code context-2} and so on. */
class ServiceClientTest {
    private static final int MANY = 300;
    private static final Duration LONG = Duration.ofSeconds(120);
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger contexts = new AtomicInteger();
    private HttpServer service;
    private ServiceClient client;

    @BeforeEach
    void start() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2 * MANY);
        service.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        service.createContext(
                "/internal/service-contexts",
                exchange -> answer(
                        exchange,
                        200,
                        "application/json",
                        "{\"token\":\"context-" + contexts.incrementAndGet() + "\"}"));
        service.start();
        String url = "http://127.0.0.1:" + service.getAddress().getPort();
        HttpCalls calls = new HttpCalls(vertx);
        ObjectMapper mapper = new ObjectMapper();
        client = new ServiceClient(
                "agent-service",
                url,
                Duration.ofMillis(260),
                calls,
                new ServiceTokens(calls, mapper, url, "channel-service", "secret", LONG),
                mapper);
    }

    @AfterEach
    void stop() {
        service.stop(0);
        vertx.close();
    }

    @Test
    void patientCallsAreAllUnderWayAtOnceAndHoldNoOtherCallUp() throws Exception {
        CountDownLatch underWay = new CountDownLatch(MANY);
        CountDownLatch end = new CountDownLatch(1);
        service.createContext("/runs", exchange -> {
            underWay.countDown();
            await(end);
            answer(exchange, 200, "application/json", "{\"text\":\"done\"}");
        });
        service.createContext("/agents", exchange -> answer(exchange, 200, "application/json", "{\"items\":7}"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> runs = new ArrayList<>();
            try {
                for (int i = 0; i < MANY; i++) {
                    runs.add(threads.submit(() ->
                            inOperation(() -> client.postPatiently(TENANT, "/runs", Map.of(), JsonNode.class, LONG))));
                }
                assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

                assertThat(inOperation(() -> client.get(TENANT, "/agents", JsonNode.class, Duration.ofSeconds(60)))
                                .path("items")
                                .asInt())
                        .isEqualTo(7);
                assertThat(runs).noneMatch(Future::isDone);
            } finally {
                end.countDown();
            }
            for (Future<JsonNode> run : runs) {
                assertThat(run.get(60, TimeUnit.SECONDS).path("text").asText()).isEqualTo("done");
            }
        }
    }

    @Test
    void aStreamIsOpenedOnceMoreWithANewContextWhereItsOwnIsNotTakenAnyMore() throws Exception {
        List<String> contextsSeen = new CopyOnWriteArrayList<>();
        service.createContext("/runs", exchange -> {
            String context = exchange.getRequestHeaders().getFirst("Authorization");
            contextsSeen.add(context);
            if (context.equals("Bearer context-1")) {
                answer(exchange, 401, "application/json", "{}");
            } else {
                answer(exchange, 200, "text/event-stream", "data: hello\n\n");
            }
        });

        List<String> heard = inOperation(() -> {
            List<String> events = new ArrayList<>();
            try (EventStream stream = client.stream(TENANT, "/runs", Map.of(), LONG)) {
                for (EventStream.Event event = stream.next(); event != null; event = stream.next()) {
                    events.add(event.data());
                }
            }
            return events;
        });

        assertThat(heard).containsExactly("hello");
        assertThat(contextsSeen).containsExactly("Bearer context-1", "Bearer context-2");
    }

    private static <T> T inOperation(java.util.function.Supplier<T> work) {
        Operation.enter(UUID.randomUUID());
        try {
            return work.get();
        } finally {
            Operation.leave();
        }
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(120, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
