package dev.parley.billing.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
                List.of("concierge"),
                List.of("web"),
                Map.of(),
                new Overage(OverageMode.BLOCK, null),
                14);
    }

    private static ProviderSubscription stripe(String id, SubscriptionStatus status, Instant createdAt) {
        return new ProviderSubscription(
                "stripe", id, "cus_1", status, createdAt, NOW, NOW.plus(Duration.ofDays(30)), false, null, null, null);
    }

    private static Subscription following(Subscription before, ProviderSubscription from, long ticket, Instant now) {
        return Subscription.of(before, from, PLAN, ticket, now, GRACE);
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
        Subscription renewed = free.timePassed(Instant.parse("2026-05-01T00:00:00Z"), PLAN).orElseThrow();
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

        assertThat(Subscription.yieldsTo(trial, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW))).isTrue();
        assertThat(Subscription.yieldsTo(trial, stripe("sub_1", SubscriptionStatus.PENDING, NOW))).isFalse();
        assertThat(Subscription.yieldsTo(trial, stripe("sub_1", SubscriptionStatus.ENDED, NOW))).isFalse();
        assertThat(Subscription.yieldsTo(null, stripe("sub_1", SubscriptionStatus.PENDING, NOW))).isTrue();
    }

    @Test
    void theNewestPaidSubscriptionWinsWhicheverIsSeenFirst() {
        ProviderSubscription older = stripe("sub_1", SubscriptionStatus.ACTIVE, NOW);
        ProviderSubscription newer = stripe("sub_2", SubscriptionStatus.ACTIVE, NOW.plusSeconds(1));
        Subscription onOlder = following(null, older, 1, NOW);
        Subscription onNewer = following(null, newer, 1, NOW);

        assertThat(Subscription.yieldsTo(onOlder, newer)).isTrue();
        assertThat(Subscription.yieldsTo(onNewer, older)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(SubscriptionStatus.class)
    void endedIsFinalForTheSameSubscription(SubscriptionStatus later) {
        Subscription ended = following(null, stripe("sub_1", SubscriptionStatus.ENDED, NOW), 1, NOW);

        Subscription after = following(ended, stripe("sub_1", later, NOW), 2, NOW);

        assertThat(after.status()).isEqualTo(SubscriptionStatus.ENDED);
        assertThat(after.saysTheSameAs(ended)).isTrue();
        assertThat(after.fetchTicket()).isEqualTo(2);
    }

    @Test
    void aFailedPaymentSuspendsAfterTheGraceAndPayingBringsItBack() {
        Subscription active = following(null, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW), 1, NOW);
        ProviderSubscription unpaid = stripe("sub_1", SubscriptionStatus.PAST_DUE, NOW);

        Subscription pastDue = following(active, unpaid, 2, NOW);
        Subscription still = following(pastDue, unpaid, 3, NOW.plus(Duration.ofDays(6)));
        Subscription suspended = following(still, unpaid, 4, NOW.plus(GRACE));
        Subscription back = following(
                suspended, stripe("sub_1", SubscriptionStatus.ACTIVE, NOW), 5, NOW.plus(GRACE).plusSeconds(1));

        assertThat(List.of(pastDue.status(), still.status(), suspended.status(), back.status()))
                .containsExactly(
                        SubscriptionStatus.PAST_DUE,
                        SubscriptionStatus.PAST_DUE,
                        SubscriptionStatus.SUSPENDED,
                        SubscriptionStatus.ACTIVE);
        assertThat(pastDue.dueAt(NOW, GRACE)).isEqualTo(NOW.plus(GRACE));
        assertThat(back.pastDueSince()).isNull();
    }
}
