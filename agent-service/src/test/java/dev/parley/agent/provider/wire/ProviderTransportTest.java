package dev.parley.agent.provider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.agent.provider.LlmFailure;
import dev.parley.agent.provider.LlmFailure.Health;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a failed call tells about the provider, whoever brought it about. */
class ProviderTransportTest {
    private final Vertx vertx = Vertx.vertx();
    private URI address;

    @BeforeEach
    void start() throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::misbehave)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
        address = URI.create("http://127.0.0.1:" + server.actualPort());
    }

    private void misbehave(HttpServerRequest request) {
        switch (request.path()) {
            case "/silent" -> {}
            case "/huge" -> request.response().end(Buffer.buffer("x".repeat(10 * 1024 * 1024)));
            case "/cut" -> {
                request.response().putHeader("content-length", "500").write("half");
                vertx.setTimer(20, timer -> request.connection().close());
            }
            default ->
                request.response()
                        .setStatusCode(Integer.parseInt(request.path().substring(1)))
                        .putHeader("x-should-retry", "false")
                        .end();
        }
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void whatTheProviderAnswersTellsOfIt() {
        ProviderTransport transport = ProviderTransports.standard(vertx);

        assertThat(health(transport, "/500")).isEqualTo(Health.ILL);
        assertThat(health(transport, "/429")).isEqualTo(Health.ILL);
        assertThat(health(transport, "/401")).isEqualTo(Health.ILL);
        assertThat(health(transport, "/400")).isEqualTo(Health.WELL);
        assertThat(health(transport, "/cut")).isEqualTo(Health.ILL);
        assertThat(health(transport, "/huge")).isEqualTo(Health.UNKNOWN);
    }

    @Test
    void onlyAStreamThatHadAllItsTimeIsTheProvidersFault() {
        ProviderTransport hasty = ProviderTransports.with(vertx, "agent.provider.first-byte-timeout", "0.2S");
        assertThat(streamed(hasty, 10_000)).isEqualTo(Health.ILL);
        ProviderTransport patient = ProviderTransports.with(vertx, "agent.provider.first-byte-timeout", "60S");
        assertThat(streamed(patient, 50)).isEqualTo(Health.UNKNOWN);
    }

    /** Whoever asks for a long answer waits for long; that tells nothing of a provider that answers others meanwhile. */
    @Test
    void aProviderThatAnswersNobodyHangs() throws Exception {
        ProviderTransport whole = ProviderTransports.with(vertx, "agent.provider.whole-answer-timeout", "2S");
        assertThat(health(whole, "/silent")).isEqualTo(Health.ILL);

        AtomicBoolean over = new AtomicBoolean();
        Thread others = Thread.startVirtualThread(() -> {
            while (!over.get()) {
                health(whole, "/400");
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        });
        Health heard = health(whole, "/silent");
        over.set(true);
        others.join();
        assertThat(heard).isEqualTo(Health.UNKNOWN);

        assertThat(health(whole, "/silent")).isEqualTo(Health.ILL);
    }

    private Health health(ProviderTransport transport, String path) {
        return catchThrowableOfType(
                        LlmFailure.class, () -> transport.post(address.resolve(path), Map.of(), new byte[0]))
                .health();
    }

    private Health streamed(ProviderTransport transport, int millisLeft) {
        CallBounds bounds =
                new CallBounds(System.nanoTime() + Duration.ofMillis(millisLeft).toNanos(), Duration.ZERO);
        return catchThrowableOfType(
                        LlmFailure.class,
                        () -> bounds.around(() -> {
                            transport.stream(address.resolve("/silent"), Map.of(), new byte[0], (name, data) -> {});
                            return true;
                        }))
                .health();
    }
}
