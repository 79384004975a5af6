package dev.parley.billing.closing;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;

/** Runs the job when a test wants it. */
@ApplicationScoped
public class ClosingProbe {
    private final ClosingJob job;
    private final ClosingService closing;

    ClosingProbe(ClosingJob job, ClosingService closing) {
        this.job = job;
        this.closing = closing;
    }

    public void run() {
        job.close();
    }

    public int close(TenantId tenant) {
        return closing.close(tenant);
    }
}
