package dev.parley.local.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Sends requests to one server, as fast as it answers or at a constant rate. */
final class Load {
    private static final int LANES = 128;

    private final Target target;

    Load(Target target) {
        this.target = target;
    }

    /** So many connections, each sending its next request when the last was answered. */
    Result closed(int connections, int seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicInteger errors = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService threads = threads()) {
            for (int i = 0; i < connections; i++) {
                int lane = i;
                threads.execute(() -> {
                    try (Connection connection = new Connection(target.port())) {
                        while (System.nanoTime() < end) {
                            long sent = System.nanoTime();
                            if (connection.call(target.request(lane)) / 100 == 2) {
                                latencies.add(System.nanoTime() - sent);
                            } else {
                                errors.incrementAndGet();
                            }
                        }
                    } catch (IOException broken) {
                        errors.incrementAndGet();
                    }
                });
            }
        }
        return Result.of(latencies, errors.get(), System.nanoTime() - start);
    }

    /**
     * A constant rate over at most {@link #LANES} connections; latency counts from when the request was due, so a stall is
     * seen by all that wait behind it, also by those that wait for a connection.
     */
    Result open(int perSecond, int seconds) throws InterruptedException {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicInteger errors = new AtomicInteger();
        AtomicInteger next = new AtomicInteger();
        int last = perSecond * seconds;
        long start = System.nanoTime();
        try (ExecutorService threads = threads()) {
            for (int lane = 0; lane < Math.min(LANES, last); lane++) {
                threads.execute(() -> {
                    Connection connection = null;
                    int mine;
                    while ((mine = next.getAndIncrement()) < last) {
                        long due = start + mine * (TimeUnit.SECONDS.toNanos(1) / perSecond);
                        LockSupport.parkNanos(due - System.nanoTime());
                        try {
                            connection = connection == null ? new Connection(target.port()) : connection;
                            if (connection.call(target.request(mine)) / 100 == 2) {
                                latencies.add(System.nanoTime() - due);
                            } else {
                                errors.incrementAndGet();
                            }
                        } catch (IOException broken) {
                            errors.incrementAndGet();
                            connection = null;
                        }
                    }
                    close(connection, errors);
                });
            }
        }
        return Result.of(latencies, errors.get(), System.nanoTime() - start);
    }

    /** A blocking read of a platform thread costs the processors, which are shared, less than a virtual thread's poll. */
    private static ExecutorService threads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("load-", 0).factory());
    }

    private static void close(Connection connection, AtomicInteger errors) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (IOException closing) {
            errors.incrementAndGet();
        }
    }

    /** What is loaded: a port, and the bytes of the request that a lane sends. */
    interface Target {
        int port();

        byte[] request(int lane);
    }

    /**
     * What came of it.
     *
     * @param answered requests answered with 2xx
     * @param errors the others
     * @param seconds how long it took
     * @param latencies of the answered ones, in nanoseconds, ascending
     */
    record Result(int answered, int errors, double seconds, long[] latencies) {
        static Result of(Iterable<Long> latencies, int errors, long nanos) {
            List<Long> all = new ArrayList<>();
            latencies.forEach(all::add);
            long[] sorted = all.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Result(sorted.length, errors, nanos / 1e9, sorted);
        }

        double perSecond() {
            return answered / seconds;
        }

        /** A percentile in milliseconds. */
        double millis(double percentile) {
            return latencies.length == 0
                    ? Double.NaN
                    : latencies[(int) Math.min(latencies.length - 1, Math.ceil(percentile * latencies.length) - 1)]
                            / 1e6;
        }
    }
}
