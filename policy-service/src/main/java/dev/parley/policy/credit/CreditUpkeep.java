package dev.parley.policy.credit;

import dev.parley.platform.data.Sweep;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** Closes lots when they expire, and proves again and again that every balance agrees with its lots and holds. */
@ApplicationScoped
class CreditUpkeep {
    private static final Logger LOG = Logger.getLogger(CreditUpkeep.class);

    private final CreditService credits;
    private final AtomicLong drifting = new AtomicLong();

    CreditUpkeep(CreditService credits, MeterRegistry metrics) {
        this.credits = credits;
        Gauge.builder("policy.balance.drift", drifting, AtomicLong::get)
                .description("balances that disagree with their lots and holds")
                .register(metrics);
    }

    @Scheduled(every = "{policy.credit.expiry-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void closeDueLots() {
        Sweep.each(credits.tenantsWithDueLots(), credits::closeDue);
    }

    @Scheduled(every = "{policy.credit.check-interval}", concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void check() {
        long found = credits.drifting();
        drifting.set(found);
        if (found > 0) {
            LOG.errorf("%d balances disagree with their lots and holds", found);
        }
    }
}
