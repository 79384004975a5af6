package dev.parley.platform.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupsTest {
    @Test
    void whatWaitsIsDoneTogetherAndEachGetsItsOwnResult() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
        Groups<String, Integer, Integer> groups = new Groups<>(100, (key, tasks) -> {
            sizes.add(tasks.size());
            await(open);
            return tasks.stream().map(task -> task * 2).toList();
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = threads.submit(() -> groups.run("a", 0));
            while (sizes.isEmpty()) {
                Thread.onSpinWait();
            }
            List<Future<Integer>> results = IntStream.range(1, 251)
                    .mapToObj(i -> threads.submit(() -> groups.run("a", i)))
                    .toList();
            assertThat(threads.submit(() -> groups.getClass()).get()).isNotNull();
            open.countDown();

            assertThat(first.get()).isZero();
            for (int i = 0; i < results.size(); i++) {
                assertThat(results.get(i).get()).isEqualTo(2 * (i + 1));
            }
        }
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(251);
        assertThat(sizes).allMatch(size -> size <= 100);
    }

    @Test
    void oneThatFailsFailsAlone() {
        Groups<String, Integer, Integer> groups = new Groups<>(100, (key, tasks) -> {
            if (tasks.contains(3)) {
                throw new IllegalArgumentException("three");
            }
            return tasks;
        });

        assertThat(groups.runAll("a", List.of(1, 2))).containsExactly(1, 2);
        assertThatThrownBy(() -> groups.runAll("a", List.of(1, 3, 2))).hasMessage("three");
        assertThat(groups.run("a", 4)).isEqualTo(4);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
