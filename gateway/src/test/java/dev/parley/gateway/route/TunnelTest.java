package dev.parley.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.gateway.session.Admission;
import dev.parley.gateway.session.CallerContext;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A tunnel between two connections that only write down what is done to them. */
class TunnelTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final CallerContext CALLER = new CallerContext(
            "Bearer t",
            "tenant",
            "subject",
            "api-key:k",
            null,
            0,
            0,
            Instant.now().plusSeconds(300).toEpochMilli());

    private final BlockingQueue<Promise<Admission>> questions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Buffer> written = new LinkedBlockingQueue<>();
    private final Queue<String> service = new ConcurrentLinkedQueue<>();
    private Context loop;
    private Tunnel tunnel;

    @BeforeEach
    void aTunnelWhoseCallerIsBeingConfirmed() {
        loop = VERTX.getOrCreateContext();
        tunnel = onLoop(() -> {
            var made = new Tunnel(
                    socket(new ConcurrentLinkedQueue<>()), socket(service), CALLER, this::ask, Clock.systemUTC());
            made.join(() -> {});
            return made;
        });
    }

    @AfterAll
    static void end() {
        VERTX.close();
    }

    @Test
    void nothingPassesUntilTheCallerIsConfirmed() throws InterruptedException {
        var question = questions.poll(60, TimeUnit.SECONDS);
        assertThat(service).contains("pause").doesNotContain("resume");

        answer(question, new Admission.Granted(CALLER));

        assertThat(service).contains("resume");
        assertThat(written).isEmpty();
    }

    @Test
    void aDoubtDuringAConfirmationIsNotSettledByItsAnswer() throws InterruptedException {
        var question = questions.poll(60, TimeUnit.SECONDS);
        tunnel.confirm();
        onLoop(() -> null);

        answer(question, new Admission.Granted(CALLER));

        assertThat(service).doesNotContain("resume");
        var again = questions.poll(60, TimeUnit.SECONDS);
        assertThat(again).as("the second question").isNotNull();
        answer(again, new Admission.Rejected());
        assertThat(written).containsExactly(WebSocketFrames.close(Tunnel.NOT_ALLOWED, "no longer allowed"));
        assertThat(service).contains("close").doesNotContain("resume");
        assertThat(questions).isEmpty();
    }

    @Test
    void doubtsDuringAConfirmationAreOneQuestion() throws InterruptedException {
        var question = questions.poll(60, TimeUnit.SECONDS);
        tunnel.confirm();
        tunnel.confirm();
        onLoop(() -> null);

        answer(question, new Admission.Granted(CALLER));
        answer(questions.poll(60, TimeUnit.SECONDS), new Admission.Granted(CALLER));

        assertThat(service).contains("resume");
        assertThat(questions).isEmpty();
    }

    private Future<Admission> ask() {
        Promise<Admission> question = Promise.promise();
        questions.add(question);
        return question.future();
    }

    /** Answers, and waits until the tunnel has acted on it. */
    private void answer(Promise<Admission> question, Admission answer) {
        onLoop(() -> {
            question.complete(answer);
            return null;
        });
        onLoop(() -> null);
    }

    private <T> T onLoop(Supplier<T> action) {
        Promise<T> done = Promise.promise();
        loop.runOnContext(now -> done.complete(action.get()));
        return done.future()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private NetSocket socket(Queue<String> calls) {
        return (NetSocket) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {NetSocket.class}, (self, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals("write")) {
                        written.add((Buffer) arguments[0]);
                    }
                    if (method.getReturnType() == boolean.class) {
                        return false;
                    }
                    return method.getReturnType() == Future.class ? Future.succeededFuture() : self;
                });
    }
}
