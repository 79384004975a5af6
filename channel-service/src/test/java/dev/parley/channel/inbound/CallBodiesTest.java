package dev.parley.channel.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.problem.ProblemType;
import io.quarkus.runtime.configuration.MemorySize;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallBodiesTest {
    private static final int MOST = 1 << 20;
    private static final UUID ACCOUNT = UUID.randomUUID();

    private final CallBodies bodies = new CallBodies(new Memory(Duration.ofMinutes(1)));

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 131_072, MOST - 1, MOST})
    void aCallIsReadAsItCame(int length) {
        byte[] call = new byte[length];
        new Random(length).nextBytes(call);

        try (CallBodies.Body body = bodies.read(ACCOUNT, new ByteArrayInputStream(call), MOST)) {
            assertThat(body.bytes()).isEqualTo(call);
        }
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertRefused(new ByteArrayInputStream(new byte[MOST + 1]), CommonProblem.PAYLOAD_TOO_LARGE);
        assertRefused(bodies, new ByteArrayInputStream(new byte[1000]), 999, CommonProblem.PAYLOAD_TOO_LARGE);
    }

    @Test
    void whatBreaksOffIsNotReadable() {
        InputStream cut = new SequenceInputStream(new ByteArrayInputStream(new byte[70_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }
        });

        assertRefused(cut, InboundProblem.WEBHOOK_NOT_READABLE);
    }

    @Test
    void longCallsHaveTheirShareOfTheMemoryUntilTheyEndAndShortOnesNeedNone() {
        try (CallBodies.Body first = bodies.read(ACCOUNT, new ByteArrayInputStream(new byte[MOST]), MOST)) {
            assertRefused(new ByteArrayInputStream(new byte[MOST]), CommonProblem.UNAVAILABLE);
            assertThat(bodies.read(ACCOUNT, new ByteArrayInputStream(new byte[60_000]), MOST)
                            .bytes())
                    .hasSize(60_000);
            assertThat(first.bytes()).hasSize(MOST);
        }
        assertRefused(new ByteArrayInputStream(new byte[MOST + 1]), CommonProblem.PAYLOAD_TOO_LARGE);

        assertThat(bodies.read(ACCOUNT, new ByteArrayInputStream(new byte[MOST]), MOST)
                        .bytes())
                .hasSize(MOST);
    }

    @Test
    @Timeout(10)
    void aSlowCallHasTheMemoryOfWhatCame() throws Exception {
        PipedInputStream slow = new PipedInputStream(MOST);
        try (PipedOutputStream caller = new PipedOutputStream(slow)) {
            caller.write(new byte[70_000]);
            CompletableFuture<Integer> read = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> {
                try (CallBodies.Body body = bodies.read(UUID.randomUUID(), slow, MOST)) {
                    read.complete(body.bytes().length);
                }
            });

            while (slow.available() > 0) {
                Thread.onSpinWait();
            }
            bodies.read(ACCOUNT, new ByteArrayInputStream(new byte[MOST]), MOST).close();
            caller.close();
            assertThat(read.get(30, TimeUnit.SECONDS)).isEqualTo(70_000);
        }
    }

    @Test
    void twoLongCallsOfAnAccountAreUnderWayAtOnce() {
        byte[] call = new byte[100_000];
        CallBodies.Body first = bodies.read(ACCOUNT, new ByteArrayInputStream(call), MOST);
        CallBodies.Body second = bodies.read(ACCOUNT, new ByteArrayInputStream(call), MOST);

        assertRefused(new ByteArrayInputStream(call), CommonProblem.UNAVAILABLE);
        bodies.read(UUID.randomUUID(), new ByteArrayInputStream(call), MOST).close();

        first.close();
        bodies.read(ACCOUNT, new ByteArrayInputStream(call), MOST).close();
        second.close();
    }

    @Test
    void whatTakesTooLongIsNotReadOn() {
        InputStream trickle = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int from, int most) {
                LockSupport.parkNanos(10_000_000);
                return 1;
            }
        };

        CallBodies hasty = new CallBodies(new Memory(Duration.ofSeconds(1)));
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertRefused(hasty, trickle, MOST, InboundProblem.WEBHOOK_NOT_READABLE));
    }

    private void assertRefused(InputStream call, ProblemType problem) {
        assertRefused(bodies, call, MOST, problem);
    }

    private static void assertRefused(CallBodies bodies, InputStream call, int most, ProblemType problem) {
        assertThatThrownBy(() -> bodies.read(ACCOUNT, call, most))
                .isInstanceOfSatisfying(
                        Problem.class, refused -> assertThat(refused.type()).isEqualTo(problem));
    }

    /** Enough for one long call. */
    private record Memory(Duration longest) implements CallConfig {
        @Override
        public MemorySize memory() {
            return new MemorySize(BigInteger.valueOf(4L << 20));
        }

        @Override
        public Duration patience() {
            return Duration.ofMillis(10);
        }
    }
}
