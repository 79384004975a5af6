package dev.parley.billing.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.refund.RefundShare;
import dev.parley.platform.problem.Problem;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/**
 * Lives that try to get more than they pay for: up, down, spend, pack, refund, cancel and subscribe again, at any moment.
 * The decisions and amounts are the service's own; {@code FarmingIT} lives such lives with the service itself.
 */
class FarmingTest {
    private static final Instant BEGIN = Instant.parse("2026-02-01T00:00:00Z");
    private static final long PERIOD = Duration.ofDays(28).toSeconds();
    private static final long GRACE = Duration.ofDays(7).toSeconds();

    enum What {
        SUBSCRIBE,
        CHANGE,
        TAKE_BACK,
        SPEND,
        BUY_PACK,
        REFUND,
        REFUND_REFUSED,
        CANCEL_NOW,
        CANCEL_AT_END,
        RESUME,
        CARD_FAILS
    }

    /** So many seconds after the wish before; the other members choose plan, lot, amount or the provider's rounding. */
    record Wish(What what, long after, int choice, long amount) {}

    /** Where every plan and pack sells credits at one price, nobody ever has more than that price buys. */
    @Property(tries = 10_000)
    void nobodyHasMoreCreditsThanTheMoneyThatWeKeptBuys(
            @ForAll @Size(min = 2, max = 5) List<@LongRange(min = 1, max = 1_000_000_000_000L) Long> prices,
            @ForAll @IntRange(min = 1, max = 50) int creditsPerUnit,
            @ForAll("wishes") List<Wish> wishes) {
        Life life = new Life(prices.stream()
                .map(price -> plan(price, price * creditsPerUnit))
                .toList());

        for (Wish wish : wishes) {
            life.live(wish);

            assertThat(life.spent + life.unspent()).isLessThanOrEqualTo(life.kept * creditsPerUnit);
        }

        Statistics.label("refunds").collect(life.refunds > 0);
        Statistics.label("upgrades").collect(life.upgrades > 0);
    }

    /**
     * Where larger plans are better bargains, no way up, down and back has credits cheaper than in the best of them, but
     * for the minor units that a provider rounded away from what an upgrade costs, and for what the one buys by which its
     * price is rounded up: between plans whose prices differ by hardly more, that is part of all their credits.
     */
    @Property(tries = 10_000)
    void nobodyHasCreditsCheaperThanInTheBestPlan(
            @ForAll("plans") List<Plan> plans, @ForAll("wishes") List<Wish> wishes) {
        Life life = new Life(plans);
        Plan best = plans.stream()
                .max(Comparator.comparing(plan -> new BigDecimal(plan.credits())
                        .divide(new BigDecimal(plan.price().amount()), MathContext.DECIMAL128)))
                .orElseThrow();

        for (Wish wish : wishes) {
            life.live(wish);

            assertThat(BigInteger.valueOf(life.spent + life.unspent() - life.boughtByRounding)
                            .multiply(BigInteger.valueOf(best.price().amount())))
                    .isLessThanOrEqualTo(BigInteger.valueOf(life.kept + life.roundedAway)
                            .multiply(BigInteger.valueOf(best.credits())));
        }
    }

    /** Whatever plans cost and bring: of each lot we keep at least the share of its price that was spent of it. */
    @Property(tries = 10_000)
    void whatWasSpentOfALotStaysPaid(@ForAll("plans") List<Plan> plans, @ForAll("wishes") List<Wish> wishes) {
        Life life = new Life(plans);

        wishes.forEach(life::live);

        assertThat(life.all).allSatisfy(lot -> {
            assertThat(lot.returned).isBetween(0L, lot.paid);
            long kept = lot.paid - lot.returned;
            // kept / paid >= spent / granted, without fractions
            assertThat(BigInteger.valueOf(kept).multiply(BigInteger.valueOf(lot.granted)))
                    .isGreaterThanOrEqualTo(BigInteger.valueOf(lot.paid).multiply(BigInteger.valueOf(lot.spent)));
        });
        assertThat(life.kept).isNotNegative();
        assertThat(life.broughtByPeriod).allSatisfy((period, brought) -> assertThat(brought)
                .isLessThanOrEqualTo(
                        plans.stream().mapToLong(Plan::credits).max().orElseThrow()));
    }

    @Provide
    Arbitrary<List<Wish>> wishes() {
        return Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(2, Arbitraries.of(What.class)),
                                Tuple.of(3, Arbitraries.of(What.SUBSCRIBE, What.CHANGE, What.CHANGE, What.SPEND))),
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(0, PERIOD / 4),
                                Arbitraries.longs().between(0, 2 * PERIOD)),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.longs().between(0, 1_000_000_000_000L))
                .as(Wish::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(25);
    }

    @Provide
    Arbitrary<List<Plan>> plans() {
        return Combinators.combine(
                        Arbitraries.longs().between(1, 1_000_000_000_000L),
                        Arbitraries.longs().between(0, 1_000_000_000_000L))
                .as(FarmingTest::plan)
                .list()
                .ofMinSize(2)
                .ofMaxSize(5);
    }

    private static Plan plan(long price, long credits) {
        return new Plan(
                "plan-" + price + "-" + credits,
                1,
                "Plan",
                new Money(price, "INR"),
                BillingInterval.MONTH,
                credits,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                new Overage(OverageMode.BLOCK, null),
                0);
    }

    private static final class PaidLot {
        final @Nullable String period;
        final boolean isUpgrade;
        final long granted;
        final long paid;
        final long expires;
        long left;
        long spent;
        long returned;
        boolean open = true;
        boolean givenBack;

        PaidLot(@Nullable String period, boolean isUpgrade, long granted, long paid, long expires) {
            this.period = period;
            this.isUpgrade = isUpgrade;
            this.granted = granted;
            this.paid = paid;
            this.expires = expires;
            this.left = granted;
        }

        void close() {
            open = false;
            left = 0;
        }
    }

    /** One tenant, its money and its credits, second by second. */
    private static final class Life {
        final List<Plan> plans;
        final List<PaidLot> all = new ArrayList<>();
        final Map<String, Long> broughtByPeriod = new TreeMap<>();
        long kept;
        long spent;
        long roundedAway;
        long boughtByRounding;
        int refunds;
        int upgrades;

        private final Set<String> refundedPeriods = new TreeSet<>();
        private long now;
        private int subscriptions;
        private Plan plan;
        private Plan pending;
        private boolean ending;
        private boolean overdue;
        private boolean cardFails;
        private long start;
        private long most;

        Life(List<Plan> plans) {
            this.plans = plans;
        }

        long unspent() {
            return all.stream().mapToLong(lot -> lot.left).sum();
        }

        void live(Wish wish) {
            pass(wish.after());
            Plan wanted = plans.get(wish.choice() % plans.size());
            switch (wish.what()) {
                case SUBSCRIBE -> {
                    if (plan == null) {
                        subscriptions++;
                        plan = wanted;
                        start = now;
                        begin();
                    }
                }
                case CHANGE -> change(wanted, wish.amount() % 3);
                case TAKE_BACK -> pending = null;
                case SPEND -> spend(wish.amount());
                case BUY_PACK -> buy(wanted, wish.amount());
                case REFUND -> refund(wish.choice(), false);
                case REFUND_REFUSED -> refund(wish.choice(), true);
                case CANCEL_NOW -> end();
                case CANCEL_AT_END -> ending = plan != null;
                case RESUME -> ending = false;
                case CARD_FAILS -> cardFails = !cardFails;
            }
        }

        private void pass(long seconds) {
            long until = now + seconds;
            while (plan != null && start + PERIOD <= until) {
                now = start + PERIOD;
                expire();
                if (ending || overdue) {
                    end();
                    break;
                }
                plan = pending == null ? plan : pending;
                pending = null;
                start = now;
                if (cardFails) {
                    overdue = true;
                } else {
                    begin();
                }
            }
            now = until;
            expire();
        }

        /** A period is paid: its lot takes the place of those before. */
        private void begin() {
            overdue = false;
            all.stream().filter(lot -> lot.period != null).forEach(PaidLot::close);
            most = plan.credits();
            grant(false, plan.credits(), plan.price().amount());
        }

        private void grant(boolean isUpgrade, long credits, long paid) {
            kept += paid;
            String period = subscriptions + " " + start;
            broughtByPeriod.merge(period, credits, Long::sum);
            add(new PaidLot(period, isUpgrade, credits, paid, start + PERIOD + GRACE));
        }

        private void add(PaidLot lot) {
            if (lot.granted > 0) {
                all.add(lot);
            }
        }

        private void change(Plan wanted, long roundedDown) {
            if (plan == null) {
                return;
            }
            ChangeKind kind;
            try {
                kind = ChangeKind.of(
                        overdue ? SubscriptionStatus.PAST_DUE : SubscriptionStatus.ACTIVE,
                        "stripe",
                        ending,
                        plan,
                        wanted);
            } catch (Problem refused) {
                return;
            }
            if (kind == ChangeKind.DOWNGRADE) {
                pending = wanted;
                return;
            }
            assertThat(kind).isEqualTo(ChangeKind.UPGRADE);
            if (refundedPeriods.contains(subscriptions + " " + start)) {
                return;
            }
            long quoted = Proration.charge(
                    plan.price().amount(),
                    wanted.price().amount(),
                    BEGIN.plusSeconds(start),
                    BEGIN.plusSeconds(start + PERIOD),
                    BEGIN.plusSeconds(now));
            long charged = Math.max(0, quoted - roundedDown);
            roundedAway += quoted - charged;
            long credits = Proration.credits(
                    most,
                    wanted.credits(),
                    plan.price().amount(),
                    wanted.price().amount(),
                    charged);
            boughtByRounding += Math.max(0, credits - ofTheTimeLeft(Math.max(0, wanted.credits() - most)));
            grant(true, credits, charged);
            most = Math.max(most, wanted.credits());
            plan = wanted;
            pending = null;
            upgrades++;
        }

        private long ofTheTimeLeft(long credits) {
            return BigInteger.valueOf(credits)
                    .multiply(BigInteger.valueOf(start + PERIOD - now))
                    .divide(BigInteger.valueOf(PERIOD))
                    .longValueExact();
        }

        /** As policy does: from the lot that expires first. */
        private void spend(long wanted) {
            long left = wanted;
            for (PaidLot lot : all.stream()
                    .filter(each -> each.open)
                    .sorted(Comparator.comparingLong(each -> each.expires))
                    .toList()) {
                long taken = Math.min(left, lot.left);
                lot.left -= taken;
                lot.spent += taken;
                spent += taken;
                left -= taken;
            }
        }

        private void buy(Plan priced, long validFor) {
            kept += priced.price().amount();
            add(new PaidLot(null, false, priced.credits(), priced.price().amount(), now + validFor % (3 * PERIOD)));
        }

        private void refund(int choice, boolean isRefused) {
            List<PaidLot> open = all.stream().filter(lot -> lot.open).toList();
            if (open.isEmpty()) {
                return;
            }
            PaidLot lot = open.get(choice % open.size());
            if (carriesAnUpgrade(lot)) {
                return;
            }
            long unspent = lot.left;
            lot.givenBack = !isRefused;
            if (lot.period != null) {
                refundedPeriods.add(lot.period);
            }
            lot.close();
            long back = RefundShare.of(lot.paid, lot.granted, unspent);
            lot.returned = back;
            kept -= back;
            refunds++;
            if (isRefused) {
                // The money stays with us, and what was taken is granted again as it was paid for.
                kept += back;
                add(new PaidLot(null, false, unspent, back, lot.expires));
            }
        }

        private boolean carriesAnUpgrade(PaidLot lot) {
            return all.subList(all.indexOf(lot) + 1, all.size()).stream()
                    .anyMatch(later -> later.isUpgrade && later.period.equals(lot.period) && !later.givenBack);
        }

        private void end() {
            all.stream().filter(lot -> lot.period != null).forEach(PaidLot::close);
            plan = null;
            pending = null;
            ending = false;
            overdue = false;
        }

        private void expire() {
            all.stream().filter(lot -> lot.expires <= now).forEach(PaidLot::close);
        }
    }
}
