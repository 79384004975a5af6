package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.problem.Problem;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A service that is gone without a word, as one whose process was stopped, beside one that is only slow. */
class SilentServiceTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMillis(260);

    private final HttpCalls calls = new HttpCalls(VERTX);

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    private HttpCalls.Answer ask(int port, Pulse pulse) {
        return calls.call(
                "POST",
                "http://127.0.0.1:" + port + "/work",
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8),
                TIMEOUT,
                "policy-service",
                pulse);
    }

    private static Pulse pulse(int port) {
        return pulse(port, SILENCE);
    }

    private static Pulse pulse(int port, Duration silence) {
        return new Pulse("http://127.0.0.1:" + port + "/q/health/live", silence);
    }

    @Test
    void whatAcceptsConnectionsAndNeverAnswersIsAway() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Pulse pulse = pulse(silent.getLocalPort());
            long start = System.nanoTime();

            Problem problem = catchThrowableOfType(Problem.class, () -> ask(silent.getLocalPort(), pulse));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(SILENCE.minusMillis(10), TIMEOUT.minusSeconds(1));
            assertThat(problem.type().status()).isEqualTo(503);
            assertThat(problem.headers()).containsEntry("Retry-After", "1");
        }
    }

    /** The promise is 300 ms; the machine may stand still in any of these, and hardly in all. */
    @Test
    void itIsAwayWithinASecondAtTheLatest() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(IntStream.range(0, 5)
                            .mapToLong(i -> {
                                long start = System.nanoTime();
                                assertThatThrownBy(() -> ask(silent.getLocalPort(), pulse(silent.getLocalPort())))
                                        .isInstanceOf(Problem.class);
                                return System.nanoTime() - start;
                            })
                            .min()
                            .orElseThrow())
                    .isLessThan(TimeUnit.SECONDS.toNanos(1));
        }
    }

    @Test
    void theSilenceOfAnInstallationIsTheOneThatIsPromised() throws IOException {
        Properties defaults = new Properties();
        try (InputStream in = ServiceClient.class.getResourceAsStream("/META-INF/microprofile-config.properties")) {
            defaults.load(in);
        }

        assertThat(defaults.getProperty("parley.service.silence")).isEqualTo(SILENCE.toMillis() + "MS");
    }

    @Test
    void whatAnsweredAMomentAgoIsBusyAndHasAllTheTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Pulse pulse = pulse(silent.getLocalPort());
            pulse.heard();
            Duration timeout = Duration.ofMillis(900);
            long start = System.nanoTime();

            Problem problem = catchThrowableOfType(
                    Problem.class,
                    () -> calls.call(
                            "POST",
                            "http://127.0.0.1:" + silent.getLocalPort() + "/work",
                            Map.of(),
                            new byte[0],
                            timeout,
                            "policy-service",
                            pulse));

            assertThat(problem).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(timeout.minusMillis(20), timeout.plusSeconds(50));
        }
    }

    @Test
    void whatFallsSilentIsNotWaitedForLongerThanItWasHeard() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Pulse pulse = pulse(silent.getLocalPort());
            pulse.heard();
            long start = System.nanoTime();

            Problem problem = catchThrowableOfType(Problem.class, () -> ask(silent.getLocalPort(), pulse));

            assertThat(problem.type().status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(1_900), TIMEOUT.minusSeconds(1));
        }
    }

    @Test
    void whatIsSlowButAliveIsWaitedFor() throws Exception {
        HttpServer slow = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        slow.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        CountDownLatch looked = new CountDownLatch(1);
        slow.createContext("/q/health/live", exchange -> {
            looked.countDown();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        slow.createContext("/work", exchange -> {
            try (exchange) {
                looked.await(10, TimeUnit.SECONDS);
                TimeUnit.MILLISECONDS.sleep(300);
                exchange.sendResponseHeaders(200, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        slow.start();
        try {
            int port = slow.getAddress().getPort();
            assertThat(ask(port, pulse(port, Duration.ofSeconds(3))).status()).isEqualTo(200);
            assertThat(looked.getCount()).isZero();
        } finally {
            slow.stop(0);
        }
    }

    @Test
    void whatIsGivenUpIsClosed() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> bytes = thread.submit(() -> {
                try (Socket asked = silent.accept()) {
                    asked.setSoTimeout(60_000);
                    return asked.getInputStream().readAllBytes().length;
                }
            });

            assertThatThrownBy(() -> ask(silent.getLocalPort(), pulse(silent.getLocalPort())))
                    .isInstanceOf(Problem.class);

            assertThat(bytes.get(60, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Test
    void whatIsGivenUpBeforeThereIsAConnectionIsNeverSent() throws Exception {
        HttpServer busy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        busy.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        CountDownLatch allBusy = new CountDownLatch(HttpCalls.POOL);
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger late = new AtomicInteger();
        busy.createContext("/work", exchange -> {
            try (exchange) {
                allBusy.countDown();
                free.await(10, TimeUnit.SECONDS);
                exchange.sendResponseHeaders(200, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        busy.createContext("/late", exchange -> {
            late.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        busy.start();
        int port = busy.getAddress().getPort();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpCalls.Answer>> working = new ArrayList<>();
            for (int i = 0; i < HttpCalls.POOL; i++) {
                working.add(threads.submit(() -> call(port, "/work", Duration.ofSeconds(20))));
            }
            assertThat(allBusy.await(10, TimeUnit.SECONDS)).isTrue();

            assertThatThrownBy(() -> call(port, "/late", Duration.ofMillis(200)))
                    .isInstanceOf(Problem.class);
            free.countDown();
            for (Future<HttpCalls.Answer> one : working) {
                assertThat(one.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
            }
            TimeUnit.MILLISECONDS.sleep(300);

            assertThat(late).hasValue(0);
        } finally {
            busy.stop(0);
        }
    }

    private HttpCalls.Answer call(int port, String path, Duration timeout) {
        return calls.call(
                "POST",
                "http://127.0.0.1:" + port + path,
                Map.of(),
                "{}".getBytes(StandardCharsets.UTF_8),
                timeout,
                "policy-service");
    }
}
