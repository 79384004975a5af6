package dev.parley.policy.turn;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Lets only so many threads of one tenant do something at once; the others wait in their order, without a connection. For
 * virtual threads only.
 */
public final class Turns {
    private static final int WAITING_FOR_EACH = 256;

    private final int most;
    private final Duration patience;
    // A semaphore lives as long as somebody has or waits for a turn.
    private final Cache<TenantId, Semaphore> tenants =
            Caffeine.newBuilder().weakValues().build();

    /** Of that many at once, for which nobody waits longer than that. */
    public Turns(int most, Duration patience) {
        this.most = most;
        this.patience = patience;
    }

    /** Does the work when it is its turn; a 503 problem when that takes too long, or when too many wait already. */
    public <T> T take(TenantId tenant, Supplier<T> work) {
        Semaphore turns = tenants.get(tenant, any -> new Semaphore(most, true));
        if (!isTurn(turns)) {
            throw new Problem(CommonProblem.UNAVAILABLE)
                    .detail("Too much is asked for this organisation at once. Try again.")
                    .header("Retry-After", "1");
        }
        try {
            return work.get();
        } finally {
            turns.release();
        }
    }

    private boolean isTurn(Semaphore turns) {
        try {
            return turns.getQueueLength() < WAITING_FOR_EACH * most
                    && turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
