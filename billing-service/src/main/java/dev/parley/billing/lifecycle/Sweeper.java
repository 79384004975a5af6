package dev.parley.billing.lifecycle;

import dev.parley.billing.credit.CreditService;
import dev.parley.billing.overage.OverageFlow;
import dev.parley.billing.refund.RefundFlow;
import dev.parley.billing.subscription.SubscriptionService;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.logging.Logger;

/** Does what is due, every few seconds on every replica: rows are claimed, so no row is worked on twice at a time. */
@ApplicationScoped
class Sweeper {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final List<Runnable> tasks;

    Sweeper(
            SubscriptionService subscriptions,
            CreditService credits,
            RenewalFlow renewals,
            CheckoutJanitorFlow checkouts,
            PlanChangeFlow changes,
            RefundFlow refunds,
            OverageFlow overages) {
        this.tasks = List.of(
                subscriptions::startWaitingTrials,
                subscriptions::freezeOverages,
                overages::sweep,
                renewals::sweepDue,
                credits::closeExpired,
                checkouts::sweep,
                changes::sweep,
                refunds::sweep,
                renewals::sweepSuperseded);
    }

    @Scheduled(
            identity = "sweep",
            every = "${billing.sweep.every}",
            delayed = "3s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        for (Runnable task : tasks) {
            try {
                task.run();
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "a sweep is tried again");
            }
        }
    }
}
