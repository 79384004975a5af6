package dev.parley.billing.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.BillingInterval;
import dev.parley.billing.plan.Overage;
import dev.parley.billing.plan.OverageMode;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ChangeKindTest {
    private static final Plan FREE = plan("free", 0, "INR", BillingInterval.MONTH);
    private static final Plan SMALL = plan("small", 100, "INR", BillingInterval.MONTH);
    private static final Plan LARGE = plan("large", 200, "INR", BillingInterval.MONTH);

    private static Plan plan(String code, long price, String currency, BillingInterval interval) {
        return new Plan(
                code,
                1,
                code,
                new Money(price, currency),
                interval,
                10,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                new Overage(OverageMode.BLOCK, null),
                0);
    }

    private static ChangeKind paying(Plan from, Plan to) {
        return ChangeKind.of(SubscriptionStatus.ACTIVE, "stripe", false, from, to);
    }

    private static String refusal(Runnable change) {
        return catchThrowableOfType(Problem.class, change::run).type().name();
    }

    @Test
    void aDearerPlanIsNowAndACheaperOneWaits() {
        assertThat(paying(SMALL, LARGE)).isEqualTo(ChangeKind.UPGRADE);
        assertThat(paying(LARGE, SMALL)).isEqualTo(ChangeKind.DOWNGRADE);
        assertThat(paying(SMALL, plan("other", 100, "INR", BillingInterval.MONTH)))
                .isEqualTo(ChangeKind.UPGRADE);
        assertThat(paying(LARGE, FREE)).isEqualTo(ChangeKind.END_PAYING);
    }

    @Test
    void withoutAPaidSubscriptionAPlanIsBought() {
        for (SubscriptionStatus status : List.of(SubscriptionStatus.TRIAL, SubscriptionStatus.ENDED)) {
            assertThat(ChangeKind.of(status, null, false, FREE, SMALL)).isEqualTo(ChangeKind.CHECKOUT);
            assertThat(ChangeKind.of(status, null, false, FREE, FREE)).isEqualTo(ChangeKind.FREE);
        }
        assertThat(ChangeKind.of(SubscriptionStatus.ENDED, "stripe", false, LARGE, LARGE))
                .isEqualTo(ChangeKind.CHECKOUT);
    }

    @Test
    void whatIsThereAlreadyIsNoChange() {
        assertThat(refusal(() -> paying(SMALL, SMALL))).isEqualTo("PLAN_UNCHANGED");
        assertThat(refusal(() -> ChangeKind.of(SubscriptionStatus.ACTIVE, null, false, FREE, FREE)))
                .isEqualTo("PLAN_UNCHANGED");
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "PAST_DUE", "SUSPENDED"})
    void whatIsNotPaidIsNotChanged(SubscriptionStatus status) {
        assertThat(refusal(() -> ChangeKind.of(status, "stripe", false, SMALL, LARGE)))
                .isEqualTo("SUBSCRIPTION_UNPAID");
    }

    @Test
    void whatEndsIsResumedFirstUnlessAFreePlanIsToFollow() {
        assertThat(refusal(() -> ChangeKind.of(SubscriptionStatus.ACTIVE, "stripe", true, SMALL, LARGE)))
                .isEqualTo("SUBSCRIPTION_ENDING");
        assertThat(ChangeKind.of(SubscriptionStatus.ACTIVE, "stripe", true, SMALL, FREE))
                .isEqualTo(ChangeKind.END_PAYING);
    }

    @Test
    void anotherCurrencyOrIntervalNeedsACheckout() {
        assertThat(refusal(() -> paying(SMALL, plan("dollars", 900, "USD", BillingInterval.MONTH))))
                .isEqualTo("CHECKOUT_REQUIRED");
        assertThat(refusal(() -> paying(SMALL, plan("yearly", 900, "INR", BillingInterval.YEAR))))
                .isEqualTo("CHECKOUT_REQUIRED");
    }
}
