package dev.parley.billing.lifecycle;

import jakarta.enterprise.context.ApplicationScoped;

/** Lets tests of other packages sweep when they want to. */
@ApplicationScoped
public class SweepForTests {
    private final Sweeper sweeper;

    SweepForTests(Sweeper sweeper) {
        this.sweeper = sweeper;
    }

    /** Does once what is due. */
    public void sweep() {
        sweeper.sweep();
    }
}
