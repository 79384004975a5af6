package dev.parley.policy.lease;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps this replica's leases alive and takes away those of the dead; any number of replicas may do it at once. */
@ApplicationScoped
class LeaseUpkeep {
    private final LeaseService leases;

    LeaseUpkeep(LeaseService leases) {
        this.leases = leases;
    }

    @Scheduled(every = "{policy.lease.renewal-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void renew() {
        leases.renew(Thread::startVirtualThread);
    }

    @Scheduled(every = "{policy.lease.sweep-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void reclaim() {
        leases.reclaim();
    }
}
