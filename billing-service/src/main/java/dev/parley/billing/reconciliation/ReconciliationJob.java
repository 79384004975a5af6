package dev.parley.billing.reconciliation;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalDate;

/** Reconciles all tenants each night, on one replica. */
@ApplicationScoped
class ReconciliationJob {
    private final ReconciliationService reconciliations;
    private final ReconciliationFlow flow;
    private final Clock clock;

    ReconciliationJob(ReconciliationService reconciliations, ReconciliationFlow flow, Clock clock) {
        this.reconciliations = reconciliations;
        this.flow = flow;
        this.clock = clock;
    }

    @Scheduled(
            identity = "reconciliation",
            cron = "${billing.reconciliation.at}",
            timeZone = "UTC",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void run() {
        reconciliations.beginNight(LocalDate.now(clock)).ifPresent(id -> flow.run(id, null));
    }
}
