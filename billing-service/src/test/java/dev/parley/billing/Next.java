package dev.parley.billing;

import java.util.concurrent.atomic.AtomicInteger;

/** How many of a stub's next answers go wrong in one way. */
final class Next {
    private final AtomicInteger left = new AtomicInteger();

    void set(int count) {
        left.set(count);
    }

    /** Whether this is one of them; each is counted once. */
    boolean isOne() {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }
}
