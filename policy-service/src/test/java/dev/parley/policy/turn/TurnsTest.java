package dev.parley.policy.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final TenantId TENANT = new TenantId(new UUID(0, 1));
    private static final TenantId OTHER = new TenantId(new UUID(0, 2));

    private final Turns turns = new Turns(2, Duration.ofMillis(100));

    @Test
    void oneTenantHasOnlySoManyAndAnotherHasItsOwn() throws Exception {
        CountDownLatch inside = new CountDownLatch(2);
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> turns.take(TENANT, () -> waited(inside, end)));
            Future<String> second = threads.submit(() -> turns.take(TENANT, () -> waited(inside, end)));
            inside.await();
            try {
                assertThatThrownBy(() -> turns.take(TENANT, () -> "third"))
                        .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.headers())
                                .containsEntry("Retry-After", "1"));
                assertThat(turns.take(OTHER, () -> "other")).isEqualTo("other");
            } finally {
                end.countDown();
            }
            assertThat(first.get()).isEqualTo(second.get()).isEqualTo("done");
        }
    }

    @Test
    void whoComesWhenManyWaitIsSentAwayAtOnce() throws Exception {
        Turns patient = new Turns(1, Duration.ofMinutes(10));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger served = new AtomicInteger();
        List<Thread> waiting = new ArrayList<>();
        Thread first = Thread.startVirtualThread(() -> patient.take(TENANT, () -> waited(inside, end)));
        try {
            inside.await();
            for (int i = 0; i < 256; i++) {
                waiting.add(Thread.startVirtualThread(() -> patient.take(TENANT, served::incrementAndGet)));
            }
            // How many wait is only known once they do: two who come in the same instant may both be let in.
            long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (!waiting.stream().allMatch(one -> one.getState() == Thread.State.TIMED_WAITING)) {
                assertThat(waiting).noneMatch(one -> one.getState() == Thread.State.TERMINATED);
                assertThat(System.nanoTime()).isLessThan(giveUp);
                Thread.sleep(1);
            }

            long before = System.nanoTime();
            assertThatThrownBy(() -> patient.take(TENANT, served::incrementAndGet))
                    .isInstanceOf(Problem.class);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMinutes(5));
        } finally {
            end.countDown();
        }
        first.join();
        for (Thread one : waiting) {
            one.join();
        }
        assertThat(served).hasValue(256);
    }

    @Test
    void whatFailsGivesItsTurnBack() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> turns.take(TENANT, () -> {
                        throw new IllegalStateException("failed");
                    }))
                    .hasMessage("failed");
        }
    }

    private static String waited(CountDownLatch inside, CountDownLatch end) {
        inside.countDown();
        try {
            end.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "done";
    }
}
