package dev.parley.e2e.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Waits for what becomes true after an event has travelled. A loaded machine needs longer than the system promises, so no
 * limit counts for less than {@link #LEAST}: how fast things are is measured by the bench.
 */
public final class Eventually {
    private static final Duration LEAST = Duration.ofSeconds(60);

    private Eventually() {}

    /** Repeats the check until it passes, at most that long and never less than {@link #LEAST}; fails with its last failure. */
    public static <T> T within(Duration limit, Supplier<T> check) {
        long until = System.nanoTime() + Math.max(limit.toNanos(), LEAST.toNanos());
        while (true) {
            try {
                return check.get();
            } catch (AssertionError notYet) {
                if (System.nanoTime() > until) {
                    throw notYet;
                }
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** As {@link #within}, of a check that has no answer. */
    public static void passes(Duration limit, Runnable check) {
        within(limit, () -> {
            check.run();
            return true;
        });
    }
}
