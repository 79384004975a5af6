package dev.parley.billing.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ProrationTest {
    private static final Instant START = Instant.parse("2026-02-01T00:00:00Z");
    private static final Duration PERIOD = Duration.ofDays(28);
    private static final long SECONDS = PERIOD.toSeconds();

    private record Terms(long price, long credits) {}

    /** At that second of that period the tenant asks for that plan; the provider rounds its charge down by that much. */
    private record Wish(int period, long second, int plan, long discount) {}

    private record Bill(long paid, long granted) {}

    @Example
    void halfAPeriodCostsHalfTheDifferenceAndBringsHalfTheCredits() {
        Instant middle = START.plus(PERIOD.dividedBy(2));

        assertThat(Proration.charge(499_900, 999_900, START, START.plus(PERIOD), middle))
                .isEqualTo(250_000);
        assertThat(Proration.credits(49_990, 149_990, 499_900, 999_900, 250_000))
                .isEqualTo(50_000);
    }

    @Example
    void chargesRoundUpAndCreditsRoundDown() {
        Instant lastSecond = START.plus(PERIOD).minusSeconds(1);

        assertThat(Proration.charge(0, 1, START, START.plus(PERIOD), lastSecond))
                .isEqualTo(1);
        assertThat(Proration.credits(0, 10, 0, 3, 2)).isEqualTo(6);
        assertThat(Proration.credits(0, 1, 0, 3, 2)).isZero();
    }

    @Example
    void nothingIsChargedOutsideThePeriodOrForACheaperPlan() {
        Instant end = START.plus(PERIOD);

        assertThat(Proration.charge(100, 200, START, end, end)).isZero();
        assertThat(Proration.charge(100, 200, START, end, end.plusSeconds(60))).isZero();
        assertThat(Proration.charge(100, 200, START, end, START.minusSeconds(60)))
                .isEqualTo(100);
        assertThat(Proration.charge(200, 100, START, end, START)).isZero();
        assertThat(Proration.charge(100, 200, START, START, START)).isZero();
    }

    @Example
    void whatIsNotPaidBringsNothing() {
        assertThat(Proration.credits(100, 900, 10, 20, 0)).isZero();
        assertThat(Proration.credits(100, 900, 10, 10, 50)).isZero();
        assertThat(Proration.credits(900, 900, 10, 20, 10)).isZero();
    }

    @Example
    void theLargestAmountsDoNotOverflow() {
        long most = 1_000_000_000_000L;

        assertThat(Proration.charge(0, most, START, START.plus(PERIOD), START)).isEqualTo(most);
        assertThat(Proration.credits(0, most, 0, most, most)).isEqualTo(most);
    }

    /** Where every plan sells credits at one price, no way up and down buys them cheaper. */
    @Property(tries = 20_000)
    void noSequenceOfChangesYieldsMoreCreditsThanWerePaidFor(
            @ForAll @Size(min = 2, max = 5) List<@LongRange(min = 1, max = 1_000_000_000_000L) Long> prices,
            @ForAll @IntRange(min = 1, max = 50) int creditsPerUnit,
            @ForAll("wishes") List<Wish> wishes) {
        List<Terms> plans = prices.stream()
                .map(price -> new Terms(price, price * creditsPerUnit))
                .toList();

        Bill bill = live(plans, wishes);

        assertThat(bill.granted()).isLessThanOrEqualTo(bill.paid() * creditsPerUnit);
    }

    /** Whatever plans cost and bring, a period never brings more than the richest plan that was held in it. */
    @Property(tries = 20_000)
    void aPeriodNeverBringsMoreThanItsRichestPlan(
            @ForAll("plans") List<Terms> plans, @ForAll("wishes") List<Wish> wishes) {
        List<Wish> inOnePeriod = wishes.stream()
                .map(wish -> new Wish(0, wish.second(), wish.plan(), wish.discount()))
                .toList();

        Bill bill = live(plans, inOnePeriod);

        long richest = plans.stream().mapToLong(Terms::credits).max().orElseThrow();
        assertThat(bill.granted()).isLessThanOrEqualTo(richest);
    }

    @Property
    void aDetourIsNeverCheaperThanTheDirectWay(
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long from,
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long step,
            @ForAll @LongRange(min = 0, max = 1_000_000_000L) long rest,
            @ForAll @LongRange(min = 0, max = 2_419_199) long second) {
        Instant at = START.plusSeconds(second);
        Instant end = START.plus(PERIOD);

        long direct = Proration.charge(from, from + step + rest, START, end, at);
        long detour = Proration.charge(from, from + step, START, end, at)
                + Proration.charge(from + step, from + step + rest, START, end, at);

        assertThat(detour).isGreaterThanOrEqualTo(direct);
    }

    @Provide
    Arbitrary<List<Wish>> wishes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.longs().between(0, SECONDS - 1),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.longs().between(0, 2))
                .as(Wish::new)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<Terms>> plans() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 1_000_000_000_000L),
                        Arbitraries.longs().between(0, 1_000_000_000_000L))
                .as(Terms::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(5);
    }

    /** A tenant's life on the first plan and whatever it changes to, by the rules that PlanChangeService follows. */
    private static Bill live(List<Terms> plans, List<Wish> wishes) {
        List<Wish> inOrder = new ArrayList<>(wishes);
        inOrder.sort(Comparator.comparingInt(Wish::period).thenComparingLong(Wish::second));
        Terms current = plans.getFirst();
        long paid = 0;
        long granted = 0;
        int last = inOrder.isEmpty() ? 0 : inOrder.getLast().period();
        for (int period = 0; period <= last; period++) {
            paid += current.price();
            granted += current.credits();
            long most = current.credits();
            Terms pending = null;
            for (Wish wish : inOrder) {
                Terms wanted = plans.get(wish.plan() % plans.size());
                if (wish.period() != period) {
                    continue;
                }
                if (wanted.price() < current.price()) {
                    pending = wanted;
                    continue;
                }
                long quoted = Proration.charge(
                        current.price(), wanted.price(), START, START.plus(PERIOD), START.plusSeconds(wish.second()));
                long charged = Math.max(0, quoted - wish.discount());
                paid += charged;
                granted += Proration.credits(most, wanted.credits(), current.price(), wanted.price(), charged);
                most = Math.max(most, wanted.credits());
                current = wanted;
                pending = null;
            }
            current = pending == null ? current : pending;
        }
        return new Bill(paid, granted);
    }
}
