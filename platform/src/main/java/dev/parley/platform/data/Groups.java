package dev.parley.platform.data;

import dev.parley.platform.problem.Problem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Does together what waits for the same key at that moment: while one group is being done, those that come form the
 * next. A group that fails is done again one by one, so that nobody fails for another's sake; unless it is a problem,
 * which is everybody's: the database is away.
 */
public final class Groups<K, T, R> {
    private final int most;
    private final BiFunction<K, List<T>, List<R>> work;
    private final ConcurrentHashMap<K, Queue<Waiting<T, R>>> lanes = new ConcurrentHashMap<>();

    /**
     * Groups of at most that many.
     *
     * @param work does a group and returns a result for each of its members, in their order
     */
    public Groups(int most, BiFunction<K, List<T>, List<R>> work) {
        this.most = most;
        this.work = work;
    }

    private record Waiting<T, R>(T task, CompletableFuture<R> result) {}

    /** Does one and returns its result. */
    public R run(K key, T task) {
        return await(submit(key, task));
    }

    /** Does all and returns their results. */
    public List<R> runAll(K key, List<T> tasks) {
        List<CompletableFuture<R>> results =
                tasks.stream().map(task -> submit(key, task)).toList();
        return results.stream().map(Groups::await).toList();
    }

    private CompletableFuture<R> submit(K key, T task) {
        Waiting<T, R> waiting = new Waiting<>(task, new CompletableFuture<>());
        boolean[] first = new boolean[1];
        lanes.compute(key, (same, lane) -> {
            first[0] = lane == null;
            Queue<Waiting<T, R>> queue = lane == null ? new ArrayDeque<>() : lane;
            queue.add(waiting);
            return queue;
        });
        if (first[0]) {
            Thread.startVirtualThread(() -> drain(key));
        }
        return waiting.result();
    }

    private static <R> R await(CompletableFuture<R> result) {
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw failed;
        }
    }

    private void drain(K key) {
        List<Waiting<T, R>> group = new ArrayList<>();
        do {
            group.clear();
            lanes.computeIfPresent(key, (same, lane) -> {
                while (group.size() < most && !lane.isEmpty()) {
                    group.add(lane.remove());
                }
                return group.isEmpty() ? null : lane;
            });
            finish(key, group);
        } while (!group.isEmpty());
    }

    private void finish(K key, List<Waiting<T, R>> group) {
        if (group.isEmpty()) {
            return;
        }
        try {
            List<R> results = work.apply(key, group.stream().map(Waiting::task).toList());
            for (int i = 0; i < group.size(); i++) {
                group.get(i).result().complete(results.get(i));
            }
        } catch (Throwable failure) {
            if (group.size() == 1 || failure instanceof Problem) {
                group.forEach(one -> one.result().completeExceptionally(failure));
            } else {
                group.forEach(one -> finish(key, List.of(one)));
            }
        }
    }
}
