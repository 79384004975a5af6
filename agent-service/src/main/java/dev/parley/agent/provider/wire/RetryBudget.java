package dev.parley.agent.provider.wire;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Keeps retries to a share of the calls of one provider, so that an outage is not made worse by asking twice. */
final class RetryBudget {
    private static final long RETRY = 1_000_000;
    private static final long REFILL_NANOS = 10_000_000_000L;
    private static final int SECONDS_REMEMBERED = 100;

    private final long perCall;
    private final long ceiling;
    private final LongSupplier nanoTime;
    private final AtomicLong credit;
    private final AtomicLong refilledAt;

    /**
     * @param share retries per call
     * @param reserve retries that are there before any call was made
     * @param nanoTime a monotonic clock
     */
    RetryBudget(double share, int reserve, LongSupplier nanoTime) {
        this.perCall = Math.round(share * RETRY);
        this.ceiling = Math.max(1, reserve) * RETRY + SECONDS_REMEMBERED * perCall;
        this.nanoTime = nanoTime;
        this.credit = new AtomicLong(reserve * RETRY);
        this.refilledAt = new AtomicLong(nanoTime.getAsLong());
    }

    /** Counts a call, which earns its share of a retry. */
    void called() {
        earn(perCall);
    }

    /** Takes one retry out of the budget, or answers false when it is used up. */
    boolean tryRetry() {
        long now = nanoTime.getAsLong();
        long last = refilledAt.get();
        if (now - last >= REFILL_NANOS && refilledAt.compareAndSet(last, now)) {
            earn(RETRY * Math.min(SECONDS_REMEMBERED, (now - last) / REFILL_NANOS));
        }
        return credit.getAndUpdate(have -> have >= RETRY ? have - RETRY : have) >= RETRY;
    }

    private void earn(long amount) {
        credit.updateAndGet(have -> Math.min(ceiling, have + amount));
    }
}
