package dev.parley.channel.adapter.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.parley.channel.adapter.MediaUnavailable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VendorHttpTest {
    private static final int PIECE = 64 * 1024;
    private static final long LARGE = 96L << 20;
    /** More than the sockets of both ends hold, and far less than the file. */
    private static final long HELD_BY_SOCKETS = 24L << 20;

    private final Vertx vertx = Vertx.vertx();
    private final VendorHttp http = new VendorHttp(vertx, new Times(), "1");
    private final AtomicLong given = new AtomicLong();
    private final CountDownLatch ended = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aFileComesAsItWasSent() throws Exception {
        byte[] file = new byte[3 << 20];
        new Random(7).nextBytes(file);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, file.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(file);
            }
        });

        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream body = VendorMedia.found(http.open(url(), Map.of()))) {
            byte[] piece = new byte[10_007];
            for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                digest.update(piece, 0, read);
            }
        }

        assertThat(digest.digest())
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(file));
    }

    @Test
    void whatIsNotReadIsNotTakenAndClosingEndsIt() throws Exception {
        giveWithoutEnd();

        InputStream body = VendorMedia.found(http.open(url(), Map.of()));
        assertThat(body.read()).isZero();
        long before;
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        do {
            assertThat(System.nanoTime()).isLessThan(giveUp);
            before = given.get();
            TimeUnit.MILLISECONDS.sleep(200);
        } while (given.get() == 0 || given.get() != before);
        assertThat(given.get()).isBetween(1L, HELD_BY_SOCKETS);
        body.close();

        assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(given.get()).isLessThan(LARGE);
    }

    @Test
    void aFileThatBreaksOffOrStallsIsAskedForAgain() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/cut", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(new byte[] {1});
            exchange.getResponseBody().flush();
            exchange.close();
        });
        server.createContext("/stall", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(new byte[] {1});
            exchange.getResponseBody().flush();
            await(asked);
        });

        for (String path : new String[] {"cut", "stall"}) {
            try (InputStream body = VendorMedia.found(http.open(url() + path, Map.of()))) {
                assertThatThrownBy(body::readAllBytes)
                        .isInstanceOfSatisfying(MediaUnavailable.class, unavailable -> assertThat(unavailable.lasting())
                                .isFalse());
            }
        }
        asked.countDown();
    }

    private void giveWithoutEnd() {
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, LARGE);
            try (OutputStream out = exchange.getResponseBody()) {
                for (long sent = 0; sent < LARGE; sent += PIECE) {
                    out.write(new byte[PIECE]);
                    given.addAndGet(PIECE);
                }
            } finally {
                ended.countDown();
            }
        });
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private record Times() implements VendorConfig {
        @Override
        public Duration connectTimeout() {
            return Duration.ofSeconds(2);
        }

        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public Duration fileTimeout() {
            return Duration.ofSeconds(20);
        }
    }
}
