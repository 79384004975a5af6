package dev.parley.billing.plan;

import dev.parley.billing.money.Money;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What credits of overage cost: so much money for so many credits. A charge is rounded up once, to the minor unit, and
 * nothing else is rounded.
 *
 * @param amount what {@code per} credits cost, in minor units, above zero
 * @param per above zero
 */
public record OverageRate(long amount, long per, String currency) {
    private static final long THOUSAND = 1_000;

    /** A rate; both figures are above zero. */
    public OverageRate {
        if (amount <= 0 || per <= 0) {
            throw new IllegalArgumentException("%d for %d credits is no price".formatted(amount, per));
        }
    }

    /** What a plan's overage costs; empty when it is not charged, or for a plan that has no price of a credit. */
    public static Optional<OverageRate> of(Plan plan) {
        return of(plan.overage(), plan.price(), plan.credits());
    }

    static Optional<OverageRate> of(Overage overage, Money price, long credits) {
        if (!overage.isCharged()) {
            return Optional.empty();
        }
        if (overage.pricePer1000() != null) {
            return Optional.of(new OverageRate(overage.pricePer1000(), THOUSAND, price.currency()));
        }
        return price.amount() > 0 && credits > 0
                ? Optional.of(new OverageRate(price.amount(), credits, price.currency()))
                : Optional.empty();
    }

    /** The dearer of the two, which must be in the same currency. */
    public OverageRate dearer(OverageRate other) {
        BigInteger mine = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(other.per));
        BigInteger theirs = BigInteger.valueOf(other.amount).multiply(BigInteger.valueOf(per));
        return mine.compareTo(theirs) >= 0 ? this : other;
    }

    /** The price of that many credits, above zero. */
    public Money price(long credits) {
        if (credits <= 0) {
            throw new IllegalArgumentException("nothing was used beyond the credits: " + credits);
        }
        return new Money(costOf(credits).longValueExact(), currency);
    }

    BigInteger costOf(long credits) {
        BigInteger divisor = BigInteger.valueOf(per);
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(credits))
                .add(divisor.subtract(BigInteger.ONE))
                .divide(divisor);
    }
}
