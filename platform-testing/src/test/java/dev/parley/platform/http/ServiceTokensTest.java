package dev.parley.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many who ask for one context, of an auth-service that accepts connections and says nothing until it is told to. */
class ServiceTokensTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MANY = 10;
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger attempts = new AtomicInteger();
    private final BlockingQueue<Socket> asked = new LinkedBlockingQueue<>();
    private ServerSocket auth;
    private ServiceTokens tokens;

    @BeforeEach
    void start() throws IOException {
        auth = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!auth.isClosed()) {
                try {
                    Socket one = auth.accept();
                    attempts.incrementAndGet();
                    asked.add(one);
                } catch (IOException closed) {
                    return;
                }
            }
        });
        tokens = new ServiceTokens(
                new HttpCalls(vertx),
                new ObjectMapper(),
                "http://127.0.0.1:" + auth.getLocalPort(),
                "channel-service",
                "secret",
                PATIENCE);
    }

    @AfterEach
    void stop() throws IOException {
        auth.close();
        for (Socket one : asked) {
            one.close();
        }
        vertx.close();
    }

    @Test
    void allWhoWaitForOneContextShareOneAttemptAndItsFailure() throws Exception {
        List<FutureTask<Integer>> answers = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            FutureTask<Integer> answer = new FutureTask<>(this::statusOfAnAttempt);
            answers.add(answer);
            threads.add(Thread.ofPlatform().daemon().start(answer));
        }
        Socket silent = asked.poll(60, TimeUnit.SECONDS);
        awaitAllWaiting(threads);

        silent.close();

        for (FutureTask<Integer> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(503);
        }
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aFailureIsNotRemembered() throws Exception {
        FutureTask<Integer> failing = new FutureTask<>(this::statusOfAnAttempt);
        Thread.ofVirtual().start(failing);
        asked.poll(60, TimeUnit.SECONDS).close();
        assertThat(failing.get(60, TimeUnit.SECONDS)).isEqualTo(503);

        FutureTask<String> next = ask();
        answer(asked.poll(60, TimeUnit.SECONDS), "second");

        assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(tokens.forTenant(TENANT, "agent-service")).isEqualTo("second");
        assertThat(attempts).hasValue(2);
    }

    @Test
    void aContextIsForgottenEvenWhileItIsOnItsWay() throws Exception {
        FutureTask<String> before = ask();
        Socket first = asked.poll(60, TimeUnit.SECONDS);

        tokens.forget(TENANT, "agent-service");

        FutureTask<String> after = ask();
        answer(asked.poll(60, TimeUnit.SECONDS), "second");
        assertThat(after.get(60, TimeUnit.SECONDS)).isEqualTo("second");
        answer(first, "first");
        assertThat(before.get(60, TimeUnit.SECONDS)).isEqualTo("first");
        assertThat(tokens.forTenant(TENANT, "agent-service")).isEqualTo("second");
    }

    private FutureTask<String> ask() {
        FutureTask<String> token = new FutureTask<>(() -> tokens.forTenant(TENANT, "agent-service"));
        Thread.ofVirtual().start(token);
        return token;
    }

    private int statusOfAnAttempt() {
        try {
            tokens.forTenant(TENANT, "agent-service");
            return 200;
        } catch (Problem problem) {
            return problem.type().status();
        }
    }

    private static void answer(Socket asked, String token) throws IOException {
        String body = "{\"token\":\"" + token + "\"}";
        asked.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
        asked.getOutputStream().flush();
    }

    private static void awaitAllWaiting(List<Thread> threads) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING)) {
            assertThat(System.nanoTime())
                    .as("all wait with a limit, and none for a lock")
                    .isLessThan(until);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
