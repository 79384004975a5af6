package dev.parley.billing.payment;

import dev.parley.billing.money.Money;
import dev.parley.billing.pack.CreditPack;
import dev.parley.billing.plan.Plan;

/** What a page to pay on sells. */
public sealed interface Purchase {
    /** What the customer reads on the page. */
    String name();

    /** What is charged: for a plan each interval, for a pack once. */
    Money price();

    /** A subscription to a plan version, charged at the start of each of its intervals. */
    record OfPlan(Plan plan) implements Purchase {
        @Override
        public String name() {
            return plan.name();
        }

        @Override
        public Money price() {
            return plan.price();
        }
    }

    /** A pack of credits, charged once. */
    record OfPack(CreditPack pack) implements Purchase {
        @Override
        public String name() {
            return pack.name();
        }

        @Override
        public Money price() {
            return pack.price();
        }
    }
}
