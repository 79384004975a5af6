package dev.parley.billing.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.subscription.Subscription.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionTest {
    private static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
    private static final Duration GRACE = Duration.ofDays(7);
    private static final Plan PLAN = plan(BillingInterval.MONTH);

    private static Plan plan(BillingInterval interval) {
        return new Plan(
                "free",
                3,
                "Free",
                new Money(0, "INR"),
                interval,
                1_000,
                Map.of(),
                Map.of(),
                List.of("concierge"),
                List.of("web"),
                List.of(),
                Map.of(),
                new Overage(OverageMode.BLOCK, null),
                14);
    }

    private static ProviderSubscription stripe(String id, SubscriptionStatus status, Instant createdAt) {
        return new ProviderSubscription(
                "stripe",
                id,
                "cus_1",
                status,
                createdAt,
                NOW,
                NOW.plus(Duration.ofDays(30)),
                false,
                null,
                null,
                null,
                null,
                null);
    }

    private static Subscription following(Subscription before, ProviderSubscription from, Instant now) {
        return Subscription.of(before, from, PLAN, now, GRACE);
    }

    @Test
    void aTrialEndsWhenItsDaysAreOver() {
        Subscription trial = Subscription.trial(PLAN, NOW, 14);

        assertThat(trial.trialEnd()).isEqualTo("2026-02-14T10:00:00Z");
        assertThat(trial.timePassed(NOW.plus(Duration.ofDays(13)), PLAN)).isEmpty();
        assertThat(trial.timePassed(Instant.parse("2026-02-14T10:00:00Z"), PLAN))
                .hasValueSatisfying(ended -> {
                    assertThat(ended.status()).isEqualTo(SubscriptionStatus.ENDED);
                    assertThat(ended.version()).isEqualTo(2);
                });
    }

    @Test
    void aFreePlanRenewsByCalendarMonthAndSkipsWhatIsOver() {
        Subscription free = Subscription.free(null, PLAN, NOW);

        assertThat(free.periodEnd()).isEqualTo("2026-02-28T10:00:00Z");
        Subscription renewed =
                free.timePassed(Instant.parse("2026-05-01T00:00:00Z"), PLAN).orElseThrow();
        assertThat(renewed.periodStart()).isEqualTo("2026-04-28T10:00:00Z");
        assertThat(renewed.periodEnd()).isEqualTo("2026-05-28T10:00:00Z");
    }

    @Test
    void aFreePlanThatIsCancelledEndsWithItsPeriod() {
        Subscription free = Subscription.free(null, PLAN, NOW).endingWithPeriod(true);

        assertThat(free.timePassed(Instant.parse("2026-03-01T00:00:00Z"), PLAN))
                .hasValueSatisfying(ended -> assertThat(ended.status()).isEqualTo(SubscriptionStatus.ENDED));
    }

    @Test
    void choosingTheSameFreePlanAgainKeepsItsPeriod() {
        Subscription free = Subscription.free(null, PLAN, NOW);

        Subscription again = Subscription.free(free, PLAN, NOW.plus(Duration.ofDays(5)));

        assertThat(again.saysTheSameAs(free)).isTrue();
    }

    @Test
    void onlyALiveSubscriptionReplacesATrial() {
        Subscription trial = Subscription.trial(PLAN, NOW, 14);

        assertThat(Subscription.judge(trial, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW)))
                .isEqualTo(Verdict.APPLY);
        assertThat(Subscription.judge(trial, stripe("sub_1", SubscriptionStatus.PENDING, NOW)))
                .isEqualTo(Verdict.IGNORE);
        assertThat(Subscription.judge(trial, stripe("sub_1", SubscriptionStatus.ENDED, NOW)))
                .isEqualTo(Verdict.IGNORE);
        assertThat(Subscription.judge(null, stripe("sub_1", SubscriptionStatus.PENDING, NOW)))
                .isEqualTo(Verdict.APPLY);
    }

    @Test
    void theNewestPaidSubscriptionWinsWhicheverIsSeenFirst() {
        ProviderSubscription older = stripe("sub_1", SubscriptionStatus.ACTIVE, NOW);
        ProviderSubscription newer = stripe("sub_2", SubscriptionStatus.ACTIVE, NOW.plusSeconds(1));
        Subscription onOlder = following(null, older, NOW);
        Subscription onNewer = following(null, newer, NOW);

        assertThat(Subscription.judge(onOlder, newer)).isEqualTo(Verdict.APPLY);
        assertThat(Subscription.judge(onNewer, older)).isEqualTo(Verdict.CANCEL);
        assertThat(Subscription.judge(onNewer, stripe("sub_1", SubscriptionStatus.ENDED, NOW)))
                .isEqualTo(Verdict.IGNORE);
    }

    /**
     * Workers look at the provider because of events, each after the change that caused it; looks overlap, repeat, and
     * finish in any order. Whatever happens, the state is the provider's in the end.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void everyInterleavingEndsInTheProvidersState(long seed) {
        Random random = new Random(seed);
        List<SubscriptionStatus> possible =
                List.of(SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE, SubscriptionStatus.SUSPENDED);
        for (int round = 0; round < 500; round++) {
            SubscriptionStatus provider = SubscriptionStatus.ACTIVE;
            Subscription ours = null;
            long tickets = 0;
            long seen = 0;
            List<Long> waitingToFetch = new ArrayList<>();
            Map<Long, SubscriptionStatus> fetched = new LinkedHashMap<>();
            int changes = 1 + random.nextInt(6);
            while (changes > 0 || !waitingToFetch.isEmpty() || !fetched.isEmpty()) {
                int step = random.nextInt(3);
                if (step == 0 && changes > 0) {
                    changes--;
                    provider = possible.get(random.nextInt(possible.size()));
                    for (int event = 0; event <= random.nextInt(3); event++) {
                        waitingToFetch.add(++tickets);
                    }
                } else if (step == 1 && !waitingToFetch.isEmpty()) {
                    fetched.put(waitingToFetch.remove(random.nextInt(waitingToFetch.size())), provider);
                } else if (step == 2 && !fetched.isEmpty()) {
                    long ticket = List.copyOf(fetched.keySet()).get(random.nextInt(fetched.size()));
                    ProviderSubscription answer = stripe("sub_1", fetched.remove(ticket), NOW);
                    boolean news = ticket > seen;
                    seen = Math.max(seen, ticket);
                    if (news && Subscription.judge(ours, answer) == Verdict.APPLY) {
                        ours = following(ours, answer, NOW);
                    }
                }
            }
            // Nothing was ever known of a subscription that was only seen suspended: it does not begin one.
            if (ours != null) {
                assertThat(ours.status()).isEqualTo(provider);
            } else {
                assertThat(provider).isEqualTo(SubscriptionStatus.SUSPENDED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SubscriptionStatus.class)
    void endedIsFinalForTheSameSubscription(SubscriptionStatus later) {
        Subscription ended = following(null, stripe("sub_1", SubscriptionStatus.ENDED, NOW), NOW);

        Subscription after = following(ended, stripe("sub_1", later, NOW), NOW);

        assertThat(after.status()).isEqualTo(SubscriptionStatus.ENDED);
        assertThat(after.saysTheSameAs(ended)).isTrue();
    }

    /** As when the provider's clock was moved and tells of it before ours is. */
    @Test
    void theGraceBeginsWithThePeriodThatIsNotPaidWhereTheTenantsClockIsBehind() {
        Instant behind = NOW.minus(Duration.ofDays(15));
        Subscription active = following(null, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW), behind);

        Subscription pastDue = following(active, stripe("sub_1", SubscriptionStatus.PAST_DUE, NOW), behind);
        Subscription later =
                following(pastDue, stripe("sub_1", SubscriptionStatus.PAST_DUE, NOW), NOW.plusSeconds(3_600));

        assertThat(pastDue.pastDueSince()).isEqualTo(NOW);
        assertThat(later.pastDueSince()).isEqualTo(NOW);
        assertThat(later.status()).isEqualTo(SubscriptionStatus.PAST_DUE);
    }

    @Test
    void aFailedPaymentSuspendsAfterTheGraceAndPayingBringsItBack() {
        Subscription active = following(null, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW), NOW);
        ProviderSubscription unpaid = stripe("sub_1", SubscriptionStatus.PAST_DUE, NOW);

        Subscription pastDue = following(active, unpaid, NOW);
        Subscription still = following(pastDue, unpaid, NOW.plus(Duration.ofDays(6)));
        Subscription suspended = following(still, unpaid, NOW.plus(GRACE));
        Subscription back = following(
                suspended,
                stripe("sub_1", SubscriptionStatus.ACTIVE, NOW),
                NOW.plus(GRACE).plusSeconds(1));

        assertThat(List.of(pastDue.status(), still.status(), suspended.status(), back.status()))
                .containsExactly(
                        SubscriptionStatus.PAST_DUE,
                        SubscriptionStatus.PAST_DUE,
                        SubscriptionStatus.SUSPENDED,
                        SubscriptionStatus.ACTIVE);
        assertThat(pastDue.dueAt(NOW, GRACE)).isEqualTo(NOW.plus(GRACE.dividedBy(2)));
        assertThat(pastDue.dueAt(NOW.plus(GRACE.dividedBy(2)), GRACE)).isEqualTo(NOW.plus(GRACE));
        assertThat(back.pastDueSince()).isNull();
    }
}
