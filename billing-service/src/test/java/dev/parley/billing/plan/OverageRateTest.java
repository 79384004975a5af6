package dev.parley.billing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.billing.money.Money;
import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class OverageRateTest {
    private static final long MOST = 1_000_000_000_000L;
    private static final Money STARTER = new Money(499_900, "INR");

    private static OverageRate rate(Overage overage, Money price, long credits) {
        return OverageRate.of(overage, price, credits).orElseThrow();
    }

    private static Overage charged(Long pricePer1000) {
        return new Overage(OverageMode.CHARGE_UP_TO_CAP, 500L, pricePer1000);
    }

    @Example
    void aCreditCostsWhatItCostsInThePlan() {
        OverageRate rate = rate(charged(null), STARTER, 49_990);

        assertThat(rate.price(49_990)).isEqualTo(STARTER);
        assertThat(rate.price(12_345)).isEqualTo(new Money(123_450, "INR"));
        assertThat(rate.price(1)).isEqualTo(new Money(10, "INR"));
    }

    @Example
    void aPriceOfItsOwnWinsAndIsRoundedUpOncePerCharge() {
        OverageRate rate = rate(charged(1_500L), STARTER, 49_990);

        assertThat(rate.price(1_000)).isEqualTo(new Money(1_500, "INR"));
        assertThat(rate.price(1)).isEqualTo(new Money(2, "INR"));
        assertThat(rate.price(333)).isEqualTo(new Money(500, "INR"));
        assertThat(rate(charged(700L), new Money(0, "USD"), 0).price(10)).isEqualTo(new Money(7, "USD"));
    }

    @Example
    void whatIsNotChargedHasNoPriceAndNothingCostsNothing() {
        assertThat(OverageRate.of(charged(null), new Money(0, "INR"), 1_000)).isEmpty();
        assertThat(OverageRate.of(charged(null), STARTER, 0)).isEmpty();
        assertThat(OverageRate.of(new Overage(OverageMode.BLOCK, null), STARTER, 1))
                .isEmpty();
        assertThat(OverageRate.of(new Overage(OverageMode.CARRY_DEBT_TO_NEXT_CYCLE, 5L), STARTER, 1))
                .isEmpty();
        assertThatThrownBy(() -> rate(charged(null), STARTER, 1).price(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void theDearerOfTwoNeverCostsLess(
            @ForAll @LongRange(min = 1, max = MOST) long amount,
            @ForAll @LongRange(min = 1, max = MOST) long per,
            @ForAll @LongRange(min = 1, max = MOST) long otherAmount,
            @ForAll @LongRange(min = 1, max = MOST) long otherPer,
            @ForAll @LongRange(min = 1, max = MOST) long credits) {
        OverageRate one = new OverageRate(amount, per, "INR");
        OverageRate other = new OverageRate(otherAmount, otherPer, "INR");

        BigInteger dearer = one.dearer(other).costOf(credits);

        assertThat(dearer).isEqualTo(one.costOf(credits).max(other.costOf(credits)));
        assertThat(other.dearer(one).costOf(credits)).isEqualTo(dearer);
    }

    @Property
    void theChargeIsTheSmallestThatCoversThePrice(
            @ForAll @LongRange(min = 1, max = MOST) long amount,
            @ForAll @LongRange(min = 1, max = MOST) long per,
            @ForAll @LongRange(min = 1, max = MOST) long credits) {
        BigInteger charge = new OverageRate(amount, per, "INR").costOf(credits);
        BigInteger exact = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(credits));
        BigInteger divisor = BigInteger.valueOf(per);

        assertThat(charge.multiply(divisor)).isGreaterThanOrEqualTo(exact);
        assertThat(charge.subtract(BigInteger.ONE).multiply(divisor)).isLessThan(exact);
        assertThat(charge).isPositive();
    }

    @Property
    void chargingInPartsCostsAtMostOneUnitMoreAPart(
            @ForAll @LongRange(min = 1, max = MOST) long amount,
            @ForAll @LongRange(min = 1, max = MOST) long per,
            @ForAll @LongRange(min = 1, max = MOST / 2) long first,
            @ForAll @LongRange(min = 1, max = MOST / 2) long second) {
        OverageRate rate = new OverageRate(amount, per, "INR");
        BigInteger whole = rate.costOf(first + second);
        BigInteger parts = rate.costOf(first).add(rate.costOf(second));

        assertThat(parts).isBetween(whole, whole.add(BigInteger.ONE));
    }

    @Property
    void moreCreditsNeverCostLess(
            @ForAll @LongRange(min = 1, max = MOST) long amount,
            @ForAll @LongRange(min = 1, max = MOST) long per,
            @ForAll @LongRange(min = 1, max = MOST - 1) long credits) {
        OverageRate rate = new OverageRate(amount, per, "INR");

        assertThat(rate.costOf(credits + 1)).isGreaterThanOrEqualTo(rate.costOf(credits));
    }
}
