package dev.parley.channel.webhookdelivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import dev.parley.channel.webhook.Target;
import dev.parley.channel.webhook.WebhookSettings;
import dev.parley.platform.address.Addresses;
import dev.parley.platform.address.RefusedAddress;
import dev.parley.platform.tenancy.TenantId;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of an attempt, whatever the other side does; it is a socket that says what a test wants. */
class WebhookSenderTest {
    private static final TenantId TENANT = new TenantId(UUID.randomUUID());
    private static final Vertx VERTX = Vertx.vertx();
    private static final Webhook SECRET = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final List<String> requests = new CopyOnWriteArrayList<>();
    /** What is not referred to is closed by the garbage collector. */
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();

    private ServerSocket server;

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
        for (Socket one : accepted) {
            one.close();
        }
    }

    @AfterAll
    static void end() {
        VERTX.close();
    }

    @ParameterizedTest
    @CsvSource({
        "200,",
        "204,",
        "302,answered 302",
        "307,answered 307",
        "404,answered 404",
        "410,answered 410",
        "500,answered 500"
    })
    void theStatusDecides(int status, String error) throws Exception {
        listen(out ->
                write(out, "HTTP/1.1 " + status + " x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));

        Attempt attempt = send(here("/hook?a=b"));

        assertThat(attempt.status()).isEqualTo(status);
        assertThat(attempt.error()).isEqualTo(error);
        assertThat(requests).hasSize(1);
        assertThat(requests.getFirst())
                .startsWith("POST /hook?a=b HTTP/1.1\r\n")
                .endsWith("\r\n\r\n{\"a\":1}");
    }

    @Test
    void aNameIsCalledAtTheCheckedAddressUnderItsOwnName() throws Exception {
        listen(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        Addresses addresses = new Addresses(new WebhookSettings(true, Duration.ZERO), name -> new InetAddress[] {HERE});

        Attempt attempt = send(addresses, "http://hooks.example.com:" + server.getLocalPort() + "/", 20_000);

        assertThat(attempt.answer()).isEqualTo("ok");
        assertThat(requests.getFirst())
                .containsIgnoringCase("\r\nhost: hooks.example.com:" + server.getLocalPort())
                .containsIgnoringCase("\r\nwebhook-timestamp: 1795255200\r\n");
    }

    @Test
    void aNameThatStandsForSomethingElseAtTheNextAttemptIsNotCalled() throws Exception {
        listen(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        AtomicInteger asked = new AtomicInteger();
        Addresses addresses = new Addresses(new WebhookSettings(false, Duration.ZERO), name ->
                new InetAddress[] {asked.getAndIncrement() == 0 ? InetAddress.ofLiteral("93.184.216.34") : HERE});
        String url = "https://rebinding.example.com:" + server.getLocalPort() + "/";
        addresses.check(TENANT, url); // as when the endpoint was made

        assertThatThrownBy(() -> send(addresses, url, 20_000))
                .isInstanceOf(RefusedAddress.class)
                .hasMessage("the host is not on the public internet");

        assertThat(requests).isEmpty();
    }

    @Test
    void anEndpointThatSaysNothingIsGivenUp() throws Exception {
        listen(out -> {});

        Attempt attempt = send(here("/"), 300);

        assertThat(attempt.error()).isEqualTo("no answer in time");
        assertThat(attempt.durationMs()).isBetween(300L, 8_000L);
    }

    @Test
    void aBodyThatDripsDoesNotHoldTheStatusUp() throws Exception {
        listen(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nslow"));

        Attempt attempt = send(here("/"), 3_000);

        assertThat(attempt.taken()).isTrue();
        assertThat(attempt.answer()).isEqualTo("slow");
    }

    @Test
    void aHugeBodyIsNotRead() throws Exception {
        AtomicInteger written = new AtomicInteger();
        listen(out -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            byte[] part = "x".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 1_000; i++) {
                out.write(part);
                written.incrementAndGet();
            }
        });

        Attempt attempt = send(here("/"));

        assertThat(attempt.taken()).isTrue();
        assertThat(attempt.answer()).hasSize(1_024);
        assertThat(written.get()).isLessThan(200);
    }

    @Test
    void aConnectionThatIsCutOrRefusedIsAFailure() throws Exception {
        listen(OutputStream::close);
        Attempt cut = send(here("/"));
        int port = server.getLocalPort();
        server.close();
        Attempt refused = send(local(), "http://127.0.0.1:" + port + "/", 20_000);

        assertThat(cut.error()).isEqualTo("the connection was cut before the answer");
        assertThat(refused.error()).isEqualTo("connection refused");
    }

    @Test
    void aCertificateThatNobodyTrustsIsToldApart(@TempDir Path folder) throws Exception {
        Path store = folder.resolve("store.p12");
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-alias",
            "a",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            "changeit",
            "-keystore",
            store.toString()
        };
        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
        HttpServer secure = VERTX.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(
                                new PfxOptions().setPath(store.toString()).setPassword("changeit")))
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        Attempt attempt = send(local(), "https://localhost:" + secure.actualPort() + "/", 5_000);

        assertThat(attempt.error()).isEqualTo("the certificate is not valid for this name and time");
        assertThat(attempt.status()).isNull();
    }

    @Test
    void eachAttemptTriesTheNextAddressOfAName() throws Exception {
        InetAddress other = InetAddress.ofLiteral("127.0.0.2");
        WebhookSender sender = new WebhookSender(
                VERTX,
                new Addresses(new WebhookSettings(true, Duration.ZERO), name -> new InetAddress[] {HERE, other}),
                new DeliverySettings(Duration.ofSeconds(1)));
        Target target = new Target(1, "http://hooks.example.com/", false, 8, SECRET, null, null);

        WebhookSender.Route route = sender.route(TENANT, target);

        assertThat(List.of(0, 1, 2))
                .extracting(tries -> route.of(new Due(UUID.randomUUID(), "{}", tries, 1, Instant.EPOCH))
                        .hostAddress())
                .containsExactly("127.0.0.1", "127.0.0.2", "127.0.0.1");
    }

    @Test
    void whatIsNoHttpIsAFailure() throws Exception {
        listen(out -> write(out, "SSH-2.0-OpenSSH_9.9\r\n\r\n"));

        assertThat(send(here("/"), 500).taken()).isFalse();
    }

    @Test
    void theAnswerIsKeptWithoutControlCharacters() throws Exception {
        listen(out -> write(out, "HTTP/1.1 429 x\r\nRetry-After: 120\r\nContent-Length: 9\r\n\r\nno\u0000\u001b[31m!"));

        Attempt attempt = send(here("/"));

        assertThat(attempt.answer()).isEqualTo("no[31m!");
        assertThat(attempt.retryAfter()).isEqualTo(Duration.ofSeconds(120));
    }

    private String here(String target) {
        return "http://127.0.0.1:" + server.getLocalPort() + target;
    }

    private static Addresses local() {
        return new Addresses(new WebhookSettings(true, Duration.ZERO), InetAddress::getAllByName);
    }

    private Attempt send(String url) throws Exception {
        return send(url, 20_000);
    }

    private Attempt send(String url, long timeout) throws Exception {
        return send(local(), url, timeout);
    }

    private static Attempt send(Addresses addresses, String url, long timeout) throws Exception {
        WebhookSender sender = new WebhookSender(VERTX, addresses, new DeliverySettings(Duration.ofMillis(timeout)));
        CompletableFuture<Call> ended = new CompletableFuture<>();
        Target target = new Target(1, url, false, 8, SECRET, null, null);
        Instant now = Instant.parse("2026-11-21T10:00:00Z");
        Due due = new Due(UUID.randomUUID(), "{\"a\":1}", 0, 1, now);
        Call call = sender.prepare(due, target, sender.route(TENANT, target), now, ended::complete);
        sender.send(TENANT, List.of(call));
        for (int i = 0; i < 500; i++) {
            try {
                return ended.get(20, TimeUnit.MILLISECONDS).attempt();
            } catch (TimeoutException notYet) {
                call.giveUpAfter(Duration.ofMillis(timeout));
            }
        }
        throw new TimeoutException();
    }

    private interface Answer {
        void to(OutputStream out) throws IOException;
    }

    private void listen(Answer answer) throws IOException {
        ServerSocket listening = new ServerSocket(0, 50, HERE);
        server = listening;
        Thread.ofVirtual().start(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    accepted.add(socket);
                    Thread.ofVirtual().start(() -> serve(socket, answer));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket, Answer answer) {
        try {
            InputStream in = socket.getInputStream();
            StringBuilder request = new StringBuilder();
            while (request.indexOf("\r\n\r\n{\"a\":1}") < 0) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                request.append((char) next);
            }
            requests.add(request.toString());
            answer.to(socket.getOutputStream());
        } catch (IOException cut) {
            // the other side has had enough, which is what some tests are about
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }
}
