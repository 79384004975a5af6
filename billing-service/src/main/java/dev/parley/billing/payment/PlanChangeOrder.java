package dev.parley.billing.payment;

import dev.parley.billing.plan.Plan;
import java.time.Instant;
import java.util.UUID;

/**
 * A subscription shall go from one plan version to another of the same currency and interval.
 *
 * @param changeId names the change for ever; asking again with it changes nothing more
 * @param from the plan version that the subscription is on
 * @param at the moment from which the rest of the period counts, a whole second inside the period; of no meaning for a
 *     change at period end
 */
public record PlanChangeOrder(UUID changeId, String subscriptionId, Plan from, Plan to, When when, Instant at) {

    /** When a change takes effect. */
    public enum When {
        /** At once: the difference of the prices for the rest of the period is charged. */
        NOW,
        /** With the next period, which is charged at the new price; nothing is charged or given back before. */
        PERIOD_END
    }
}
