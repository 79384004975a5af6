package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.e2e.support.BotTraffic;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import dev.parley.local.Part;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * channel-service dies while it tells a partner what happens, before it has heard the answer: every event arrives, under
 * one id however often, and in order where that was asked for.
 */
@Order(202)
class WebhookCrashE2E {
    private static final int CUSTOMERS = 4;
    private static final int MESSAGES = 8;
    private static final String IN_ORDER = "/in-order";
    private static final String AT_ONCE = "/at-once";
    /** The call to each endpoint that is not answered, as nobody is there any more. */
    private static final Map<String, Integer> FATAL = Map.of(IN_ORDER, 9, AT_ONCE, 30);

    private final Map<String, List<Told>> told =
            Map.of(IN_ORDER, new CopyOnWriteArrayList<>(), AT_ONCE, new CopyOnWriteArrayList<>());
    private final Map<String, AtomicInteger> calls =
            Map.of(IN_ORDER, new AtomicInteger(), AT_ONCE, new AtomicInteger());
    private final Map<String, String> unanswered = new ConcurrentHashMap<>();
    private final Semaphore killed = new Semaphore(0);
    private int restarts;
    private HttpServer partner;

    private record Told(String id, String type, String message, String conversation) {}

    @BeforeEach
    void listen() throws IOException {
        partner = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        partner.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        told.keySet().forEach(path -> partner.createContext(path, exchange -> take(path, exchange)));
        partner.start();
    }

    @AfterEach
    void stop() {
        partner.stop(0);
    }

    @Test
    void everyEventArrivesInOrderWhileTheServiceThatTellsItDies() {
        // Given
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(1_000));
        String bot = Simulators.botToken();
        customer.connectBot(bot);
        endpoint(customer, IN_ORDER, true);
        endpoint(customer, AT_ONCE, false);
        BotTraffic traffic = new BotTraffic(List.of(bot), CUSTOMERS, MESSAGES);

        // When
        traffic.run(Duration.ofSeconds(1), () -> restartIfKilled(Duration.ofMillis(100)));
        while (restarts < FATAL.size()) {
            assertThat(restartIfKilled(Duration.ofSeconds(60)))
                    .as("it was killed, told so far: %s", calls)
                    .isTrue();
        }

        // Then
        Checker checker = new Checker();
        Eventually.passes(Duration.ofSeconds(60), () -> {
            for (String path : told.keySet()) {
                assertThat(ids(path)).as(path).containsAll(unanswered.values());
                assertThat(messages(path, "message.received")).as(path).hasSize(CUSTOMERS * MESSAGES);
            }
            unanswered.forEach((path, id) -> assertThat(
                            told.get(path).stream().map(Told::id).filter(id::equals))
                    .as("what was not answered at %s", path)
                    .hasSizeGreaterThan(1));
            assertThat(ids(IN_ORDER)).isEqualTo(ids(AT_ONCE));
            checker.outboxesAreEmpty();
        });
        List<String> written = checker.column("parley_channel", """
                select id from app.message where tenant_id = '%s' and role = 'user' order by conversation_id, seq
                """.formatted(customer.tenantId()));
        assertThat(written).hasSize(CUSTOMERS * MESSAGES);
        for (String path : told.keySet()) {
            assertThat(messages(path, "message.received")).as(path).containsExactlyInAnyOrderElementsOf(written);
            assertThat(told.get(path).stream()
                            .collect(Collectors.groupingBy(
                                    each -> each.type() + " " + each.message(),
                                    Collectors.mapping(Told::id, Collectors.toSet())))
                            .values())
                    .as("ids of one event at %s", path)
                    .allSatisfy(ids -> assertThat(ids).hasSize(1));
        }
        isInOrder(written);
    }

    /** What is told first is in order; what is told again begins once for each kill, and goes on in order. */
    private void isInOrder(List<String> written) {
        Map<String, List<Integer>> places = told.get(IN_ORDER).stream()
                .filter(each -> each.type().equals("message.received"))
                .collect(Collectors.groupingBy(
                        Told::conversation,
                        Collectors.mapping(each -> written.indexOf(each.message()), Collectors.toList())));
        assertThat(places).hasSize(CUSTOMERS);
        places.forEach((conversation, each) -> {
            assertThat(each.stream().distinct().toList())
                    .as("first told of %s", conversation)
                    .isSorted();
            int back = 0;
            for (int i = 1; i < each.size(); i++) {
                back += each.get(i) < each.get(i - 1) ? 1 : 0;
            }
            assertThat(back).as("steps back in %s", each).isLessThanOrEqualTo(FATAL.size());
        });
    }

    private void take(String path, HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode event = new ObjectMapper().readTree(exchange.getRequestBody());
            Told one = new Told(
                    exchange.getRequestHeaders().getFirst("webhook-id"),
                    event.path("type").asText(),
                    event.at("/data/message_id").asText(),
                    event.at("/data/conversation_id").asText());
            told.get(path).add(one);
            if (calls.get(path).incrementAndGet() == FATAL.get(path)) {
                unanswered.put(path, one.id());
                Stack.running().kill(Part.CHANNEL_SERVICE);
                killed.release();
                return;
            }
            exchange.sendResponseHeaders(204, -1);
        }
    }

    private boolean restartIfKilled(Duration patience) {
        try {
            if (!killed.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
        Stack.running().restart(Part.CHANNEL_SERVICE);
        restarts++;
        return true;
    }

    private void endpoint(Customer customer, String path, boolean fifo) {
        customer.api()
                .post(
                        "/api/v1/webhook-endpoints",
                        Map.of(
                                "url",
                                "http://127.0.0.1:" + partner.getAddress().getPort() + path,
                                "events",
                                List.of("message.received", "message.sent"),
                                "fifo",
                                fifo))
                .expect(201);
    }

    private Set<String> ids(String path) {
        return told.get(path).stream().map(Told::id).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> messages(String path, String type) {
        return told.get(path).stream()
                .filter(each -> each.type().equals(type))
                .map(Told::message)
                .collect(Collectors.toSet());
    }
}
