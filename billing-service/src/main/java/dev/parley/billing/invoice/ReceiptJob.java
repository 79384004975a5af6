package dev.parley.billing.invoice;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** Sends the receipts of invoices that were paid, a little after the payment, which need not wait for a PDF. */
@ApplicationScoped
class ReceiptJob {
    private static final Logger LOG = Logger.getLogger(ReceiptJob.class);

    private final InvoiceService invoices;

    ReceiptJob(InvoiceService invoices) {
        this.invoices = invoices;
    }

    @Scheduled(
            identity = "receipts",
            every = "${billing.sweep.every}",
            delayed = "5s",
            concurrentExecution = ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void send() {
        for (InvoiceRepository.Due due : invoices.claimReceipts()) {
            try {
                invoices.sendReceipt(due.tenant(), due.invoice());
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "the receipt of invoice %s is sent later", due.invoice());
            }
        }
    }
}
