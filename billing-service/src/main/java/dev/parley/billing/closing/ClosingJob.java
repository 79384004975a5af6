package dev.parley.billing.closing;

import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Closes the ledgers of all tenants, and raises the alarm for what could not be proven. */
@ApplicationScoped
class ClosingJob {
    private static final Logger LOG = Logger.getLogger(ClosingJob.class);

    private final ClosingService closing;
    private final AtomicLong faulty = new AtomicLong();

    ClosingJob(ClosingService closing, MeterRegistry metrics) {
        this.closing = closing;
        Gauge.builder("billing.ledger.faulty", faulty, AtomicLong::get)
                .description("closed days whose ledger could not be proven: 0, or something is wrong")
                .register(metrics);
    }

    @Scheduled(
            identity = "ledger-close",
            every = "${billing.closing.every}",
            delayed = "20s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void close() {
        for (List<TenantId> tenants = closing.tenantsToClose();
                closeEach(tenants) > 0;
                tenants = closing.tenantsToClose()) {
            LOG.debugf("closed the ledgers of %d tenants", tenants.size());
        }
        faulty.set(closing.faulty());
    }

    /** How many tenants were closed; one that fails is tried again next time. */
    private int closeEach(List<TenantId> tenants) {
        int closed = 0;
        for (TenantId tenant : tenants) {
            try {
                closing.close(tenant);
                closed++;
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the ledger of tenant %s is closed later", tenant);
            }
        }
        return closed;
    }
}
