package dev.parley.billing.reconciliation;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicLong;

/** Reconciles all tenants each night, on one replica; every replica raises the alarm for what did not agree. */
@ApplicationScoped
class ReconciliationJob {
    private final ReconciliationService reconciliations;
    private final ReconciliationFlow flow;
    private final Clock clock;
    private final AtomicLong lastDrifts = new AtomicLong();

    ReconciliationJob(
            ReconciliationService reconciliations, ReconciliationFlow flow, Clock clock, MeterRegistry metrics) {
        this.reconciliations = reconciliations;
        this.flow = flow;
        this.clock = clock;
        Gauge.builder("billing.reconciliation.drifts", lastDrifts, AtomicLong::get)
                .description("what did not agree in the last run over all tenants: 0, or something is wrong")
                .register(metrics);
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

    /** Another replica may have run the night, or this one before it was started anew. */
    @Scheduled(
            identity = "reconciliation-drifts",
            every = "${billing.sweep.every}",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void look() {
        lastDrifts.set(reconciliations.lastDrifts());
    }
}
