package dev.parley.billing.payment.razorpay;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Tells Razorpay of subscriptions that end soon; on every replica, because wishes are claimed. */
@ApplicationScoped
class EndingSweeper {
    private static final Logger LOG = Logger.getLogger(EndingSweeper.class);

    private final EndingService endings;
    private final RazorpayProvider razorpay;

    EndingSweeper(EndingService endings, RazorpayProvider razorpay) {
        this.endings = endings;
        this.razorpay = razorpay;
    }

    @Scheduled(
            identity = "razorpay-endings",
            every = "${billing.sweep.every}",
            delayed = "3s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        for (Ending ending : endings.claimDue()) {
            try {
                razorpay.tell(ending);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "razorpay is told later that %s ends with its period", ending.subscriptionId());
            }
        }
    }
}
