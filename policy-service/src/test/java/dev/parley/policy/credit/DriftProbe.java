package dev.parley.policy.credit;

import jakarta.enterprise.context.ApplicationScoped;

/** Lets tests of other packages run the proof that the service runs every minute. */
@ApplicationScoped
public class DriftProbe {
    private final CreditService credits;

    DriftProbe(CreditService credits) {
        this.credits = credits;
    }

    public long drifting() {
        return credits.drifting();
    }
}
