package dev.parley.platform.data;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Tells a worker of this process that something was committed, so that it need not wait for its next look. */
public final class WakeUp {
    private final Semaphore raised = new Semaphore(0);

    /** Wakes the worker, or keeps it from going to sleep. */
    public void raise() {
        if (raised.availablePermits() == 0) {
            raised.release();
        }
    }

    /** Waits for a signal, at most that long; forgets all signals raised so far. */
    public void await(long millis) throws InterruptedException {
        if (raised.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            raised.drainPermits();
        }
    }
}
