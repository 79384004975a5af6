package dev.parley.e2e.support;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what becomes true after an event has travelled. */
public final class Eventually {
    private Eventually() {}

    /** Repeats the check until it passes, at most that long; fails with its last failure. */
    public static <T> T within(Duration limit, Supplier<T> check) {
        long until = System.nanoTime() + limit.toNanos();
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

    /** Repeats the check until it passes, at most that long. */
    public static void passes(Duration limit, Runnable check) {
        within(limit, () -> {
            check.run();
            return true;
        });
    }
}
