package dev.parley.billing.change;

import dev.parley.billing.money.Money;
import dev.parley.billing.payment.PlanChangeOrder;
import dev.parley.billing.plan.Plan;
import dev.parley.billing.subscription.SubscriptionView;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * What a change of plan would be.
 *
 * @param charge what it costs at once, by our own arithmetic; the provider's word counts
 * @param at from when on the rest of the period counts
 */
public record ChangeQuote(
        ChangeKind kind, SubscriptionView subscription, Plan from, Plan to, Money charge, Instant at) {

    /** The order to ask the subscription's provider about. */
    public PlanChangeOrder order(UUID changeId) {
        return new PlanChangeOrder(
                changeId,
                Objects.requireNonNull(subscription.providerSubscriptionId()),
                from,
                to,
                kind == ChangeKind.UPGRADE ? PlanChangeOrder.When.NOW : PlanChangeOrder.When.PERIOD_END,
                at);
    }
}
