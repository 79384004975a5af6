package dev.parley.policy.hold;

import dev.parley.platform.data.Sweep;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;

/**
 * Gives back the credits of holds that nobody ended, by the database's clock; any number of replicas may sweep at once. Those in memory are this
 * replica's own, and become rows when it stops.
 */
@ApplicationScoped
class HoldSweeper {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(30);
    private static final Duration OVERLAP = Duration.ofMinutes(5);

    private final HoldService holds;
    private Instant swept = Instant.EPOCH;

    HoldSweeper(HoldService holds) {
        this.holds = holds;
    }

    @Scheduled(every = "{policy.hold.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        Instant start = holds.now();
        Instant since = swept.equals(Instant.EPOCH) ? start.minus(LONGEST_PAUSE) : swept.minus(OVERLAP);
        if (Sweep.each(holds.tenantsWithDueHolds(since), tenant -> holds.expireDue(tenant, since))) {
            swept = start;
        }
    }

    @Scheduled(every = "{policy.lease.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweepMemory() {
        holds.expireInMemory();
    }

    void stop(@Observes ShutdownEvent event) {
        holds.handOver();
    }
}
