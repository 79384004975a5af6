package dev.parley.billing.change;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * The arithmetic of a change within a period, in whole minor units and whole credits. It cannot be farmed, by five rules:
 *
 * <ol>
 *   <li>Only what is paid grants: an upgrade grants the share of the credit difference that was charged of the price
 *       difference, so a provider may round the charge as it likes.
 *   <li>Charges round up and credits round down.
 *   <li>The credit difference is measured from the most that any plan of the same period has granted, not from the plan
 *       that is left: credits that a period brought once are never brought again.
 *   <li>The difference of the prices is asked only of who has paid for what is below: after a refund within the period an
 *       upgrade is a new purchase, and while an upgrade stands what is below it is not refunded.
 *   <li>Nothing is given back for the rest of a period: a cheaper plan waits for its end.
 * </ol>
 */
final class Proration {
    private Proration() {}

    /**
     * What the rest of a period costs more on a dearer plan: the difference of the prices for the seconds that are left
     * of all seconds, rounded up. Zero when the plan is not dearer or the period is over; never more than the difference.
     */
    static long charge(long fromPrice, long toPrice, Instant start, Instant end, Instant at) {
        long whole = Duration.between(start, end).toSeconds();
        long left = Math.clamp(Duration.between(at, end).toSeconds(), 0, Math.max(0, whole));
        if (whole <= 0 || toPrice <= fromPrice) {
            return 0;
        }
        return ceil(toPrice - fromPrice, left, whole);
    }

    /**
     * What an upgrade grants: of the credits that the plan has above what the period brought already, the share that was
     * charged of the difference of the prices, rounded down. Zero when nothing was charged or the plan brings no more.
     */
    static long credits(long baseCredits, long toCredits, long fromPrice, long toPrice, long charged) {
        long priceDifference = toPrice - fromPrice;
        long creditDifference = toCredits - baseCredits;
        if (priceDifference <= 0 || creditDifference <= 0 || charged <= 0) {
            return 0;
        }
        return floor(creditDifference, Math.min(charged, priceDifference), priceDifference);
    }

    private static long floor(long amount, long part, long whole) {
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(part))
                .divide(BigInteger.valueOf(whole))
                .longValueExact();
    }

    private static long ceil(long amount, long part, long whole) {
        BigInteger[] result = BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(part))
                .divideAndRemainder(BigInteger.valueOf(whole));
        return result[1].signum() == 0 ? result[0].longValueExact() : result[0].longValueExact() + 1;
    }
}
