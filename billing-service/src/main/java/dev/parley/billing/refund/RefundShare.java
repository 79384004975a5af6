package dev.parley.billing.refund;

import java.math.BigInteger;

/** How much of a lot's price goes back. */
public final class RefundShare {
    private RefundShare() {}

    /** The unspent share of what was paid, rounded down: never more than was paid, nothing when all is spent. */
    public static long of(long paid, long credits, long unspent) {
        if (paid < 0 || credits <= 0 || unspent < 0 || unspent > credits) {
            throw new IllegalArgumentException("%d of %d credits for %d".formatted(unspent, credits, paid));
        }
        return BigInteger.valueOf(paid)
                .multiply(BigInteger.valueOf(unspent))
                .divide(BigInteger.valueOf(credits))
                .longValueExact();
    }
}
