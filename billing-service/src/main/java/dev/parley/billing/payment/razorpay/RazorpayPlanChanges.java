package dev.parley.billing.payment.razorpay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.payment.PlanReference;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Changes the plan of a subscription. Razorpay prorates by itself, at the moment that it is asked; its subscription always
 * says which plan it is on, so a wish that came before is seen to be fulfilled.
 */
final class RazorpayPlanChanges {
    private final RazorpayApi api;
    private final RazorpayPlans plans;

    RazorpayPlanChanges(RazorpayApi api, RazorpayPlans plans) {
        this.api = api;
        this.plans = plans;
    }

    /** What Razorpay is expected to charge: it has no way to ask, and rounds as it likes. */
    Money preview(PlanChangeOrder order, JsonNode subscription) {
        Instant start = RazorpayObjects.time(subscription, "current_start", order.at());
        Instant end = RazorpayObjects.time(subscription, "current_end", order.at());
        long whole = Duration.between(start, end).toSeconds();
        long left = Math.clamp(Duration.between(order.at(), end).toSeconds(), 0, Math.max(0, whole));
        long difference = order.to().price().amount() - order.from().price().amount();
        long charge = whole <= 0 || difference <= 0
                ? 0
                : BigInteger.valueOf(difference)
                        .multiply(BigInteger.valueOf(left))
                        .add(BigInteger.valueOf(whole / 2))
                        .divide(BigInteger.valueOf(whole))
                        .longValueExact();
        return new Money(charge, order.to().price().currency());
    }

    void change(PlanChangeOrder order, JsonNode subscription) {
        String planId = plans.idOf(order.to());
        boolean now = order.when() == PlanChangeOrder.When.NOW;
        boolean done = now
                ? subscription.path("plan_id").asText().equals(planId)
                : scheduledPlan(subscription).filter(planId::equals).isPresent();
        if (!done) {
            api.patch(
                    "/subscriptions/" + order.subscriptionId(),
                    Map.of(
                            "plan_id",
                            planId,
                            "schedule_change_at",
                            now ? "now" : "cycle_end",
                            "customer_notify",
                            true));
        }
    }

    void withdraw(JsonNode subscription) {
        if (subscription.path("has_scheduled_changes").asBoolean()) {
            api.post("/subscriptions/" + subscription.path("id").asText() + "/cancel_scheduled_changes", Map.of());
        }
    }

    /** The plan version that follows with the next cycle. */
    Optional<PlanReference> next(JsonNode subscription) {
        return scheduledPlan(subscription)
                .filter(planId -> !planId.equals(subscription.path("plan_id").asText()))
                .flatMap(plans::ofOurs);
    }

    private Optional<String> scheduledPlan(JsonNode subscription) {
        return subscription.path("has_scheduled_changes").asBoolean()
                ? api.find("/subscriptions/" + subscription.path("id").asText() + "/retrieve_scheduled_changes")
                        .map(scheduled -> scheduled.path("plan_id").asText())
                : Optional.empty();
    }
}
