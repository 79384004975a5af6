package dev.parley.billing.customerinvoice;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Sends payment reminders when they are due. */
@ApplicationScoped
class ReminderJob {
    private static final Logger LOG = Logger.getLogger(ReminderJob.class);

    private final CustomerInvoiceService invoices;

    ReminderJob(CustomerInvoiceService invoices) {
        this.invoices = invoices;
    }

    @Scheduled(
            identity = "payment-reminders",
            every = "${billing.sweep.every}",
            delayed = "7s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void remind() {
        for (CustomerInvoiceRepository.Due due : invoices.claimReminders()) {
            try {
                invoices.remind(due.tenant(), due.invoice());
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the reminder of invoice %s is sent later", due.invoice());
            }
        }
    }
}
