package dev.parley.auth.stock;

import org.jspecify.annotations.Nullable;

/** What policy-service allowed: one more while there are fewer than a limit, or without one. */
public final class Allowance {
    private final @Nullable Long limit;

    Allowance(@Nullable Long limit) {
        this.limit = limit;
    }

    /**
     * Must be called in the transaction that adds one, after {@code TenantService.growAlone}, with how many there are
     * now: others may have been added since policy-service was asked, and then it is asked again.
     */
    public void demand(long present) {
        if (limit != null && present >= limit) {
            throw new StockGrown();
        }
    }

    /** Ends the transaction, which would have added one too many. */
    static final class StockGrown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private StockGrown() {
            super(null, null, false, false);
        }
    }
}
