package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhook.WebhookSettings;
import dev.parley.channel.webhookdelivery.Round.Outcome;
import dev.parley.channel.webhookdelivery.TellRepository.Taken;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events on their way to several endpoints at once, of which some are quick and some are not. */
class RoundTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Vertx VERTX = Vertx.vertx();
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final Webhook SECRET = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final WebhookSender sender = new WebhookSender(
            VERTX,
            new Addresses(new WebhookSettings(true, Duration.ZERO), InetAddress::getAllByName),
            new DeliverySettings(Duration.ofSeconds(50)));
    private final CountDownLatch silence = new CountDownLatch(1);
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger came = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                came.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                String path = exchange.getRequestURI().getPath();
                if (path.startsWith("/silent")) {
                    await();
                } else {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                atOnce.decrementAndGet();
                exchange.sendResponseHeaders(path.startsWith("/bad") ? 500 : 204, -1);
            }
        });
        server.start();
    }

    private void await() {
        try {
            silence.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void close() {
        silence.countDown();
        server.stop(0);
    }

    @AfterAll
    static void end() {
        VERTX.close();
    }

    @Test
    void allAreAttemptedNoMoreAtATimeThanTheEndpointMayHave() throws Exception {
        Context loop = sender.loop(TENANT);
        Round round = new Round(loop);
        lane(round, "/quick", 3, 20);

        Outcome outcome = round.run(PATIENCE).getFirst();

        assertThat(outcome.finished()).hasSize(20).allMatch(call -> call.attempt()
                .taken());
        assertThat(outcome.underWay()).isEmpty();
        assertThat(outcome.left()).isEmpty();
        assertThat(mostAtOnce).hasValue(3);
    }

    @Test
    void whoSaysNothingIsNotWaitedForAndSomebodyElseHearsOfItsEnd() throws Exception {
        Context loop = sender.loop(TENANT);
        Round round = new Round(loop);
        lane(round, "/silent", 2, 5);
        lane(round, "/quick", 2, 5);
        long start = System.nanoTime();

        List<Outcome> outcomes = round.run(Duration.ofSeconds(10));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        assertThat(outcomes.get(1).finished()).hasSize(5);
        Outcome silent = outcomes.getFirst();
        assertThat(silent.finished()).isEmpty();
        assertThat(silent.underWay()).hasSize(2);
        assertThat(silent.left()).hasSize(3);
        Queue<Call> heard = new ConcurrentLinkedQueue<>();
        loop.runOnContext(now -> silent.lane().inherit(silent.underWay(), heard::add));
        silence.countDown();
        for (int i = 0; i < 3_000 && heard.size() < 2; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        assertThat(heard).containsExactlyInAnyOrderElementsOf(silent.underWay());
        assertThat(came).hasValue(7);
    }

    @Test
    void afterThreeFailuresTheRestIsLeft() throws Exception {
        Round round = new Round(sender.loop(TENANT));
        lane(round, "/bad", 1, 10);

        Outcome outcome = round.run(PATIENCE).getFirst();

        assertThat(outcome.finished())
                .hasSize(3)
                .allMatch(call -> call.attempt().status() == 500);
        assertThat(outcome.left()).hasSize(7);
    }

    @Test
    void nothingToSendIsOverAtOnce() {
        assertThat(new Round(sender.loop(TENANT)).run(PATIENCE)).isEmpty();
    }

    private void lane(Round round, String path, int concurrency, int events) throws RefusedAddress {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + path;
        Target target = new Target(1, url, false, concurrency, SECRET, null, null);
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        Taken taken = new Taken(new Lease(TENANT, UUID.randomUUID(), 1, 0), 1, Set.of("*"), Set.of(), now);
        List<Due> due = IntStream.range(0, events)
                .mapToObj(i -> new Due(UUID.randomUUID(), "{}", 0, 1, now))
                .toList();
        WebhookSender.Route route = sender.route(TENANT, target);
        round.add(ended -> new Lane(taken, target, route, due, sender, ended));
    }
}
