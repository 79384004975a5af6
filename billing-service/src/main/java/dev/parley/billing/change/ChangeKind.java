package dev.parley.billing.change;

import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.problem.Problem;
import org.jspecify.annotations.Nullable;

/** How a change of plan is done. */
public enum ChangeKind {
    /** A plan of price 0 that replaces a trial, another free plan or nothing, at once. */
    FREE,
    /** Nobody is paid yet: the plan is bought on the provider's page. */
    CHECKOUT,
    /** A dearer plan, at once: the difference is charged. */
    UPGRADE,
    /** A cheaper plan, with the next period. */
    DOWNGRADE,
    /** A plan of price 0 that follows when the paid period ends. */
    END_PAYING;

    /** Whether it takes effect at once. */
    public boolean isNow() {
        return this == FREE || this == CHECKOUT || this == UPGRADE;
    }

    /**
     * How a subscription gets to a plan.
     *
     * @param provider who is paid, or null when nobody is
     * @param ending whether it was cancelled, to end with its period
     * @throws Problem 409 when the subscription cannot be changed as it stands
     */
    static ChangeKind of(SubscriptionStatus status, @Nullable String provider, boolean ending, Plan from, Plan to) {
        if (provider == null || status == SubscriptionStatus.ENDED) {
            boolean same = status == SubscriptionStatus.ACTIVE && isSame(from, to);
            if (same) {
                throw new Problem(PlanChangeProblem.PLAN_UNCHANGED);
            }
            return to.price().isZero() ? FREE : CHECKOUT;
        }
        if (isSame(from, to)) {
            throw new Problem(PlanChangeProblem.PLAN_UNCHANGED);
        }
        if (status != SubscriptionStatus.ACTIVE) {
            throw new Problem(PlanChangeProblem.SUBSCRIPTION_UNPAID)
                    .detail("Pay what is open first; the plan can be changed then.");
        }
        if (to.price().isZero()) {
            return END_PAYING;
        }
        if (ending) {
            throw new Problem(PlanChangeProblem.SUBSCRIPTION_ENDING)
                    .detail("Resume the subscription, or take back what follows it, then change the plan.");
        }
        if (from.interval() != to.interval()
                || !from.price().currency().equals(to.price().currency())) {
            throw new Problem(PlanChangeProblem.CHECKOUT_REQUIRED)
                    .detail("A plan of another interval or currency is bought through a checkout, which replaces the"
                            + " running subscription once it is paid.")
                    .with("plan", to.code());
        }
        return to.price().amount() < from.price().amount() ? DOWNGRADE : UPGRADE;
    }

    private static boolean isSame(Plan from, Plan to) {
        return from.code().equals(to.code()) && from.version() == to.version();
    }
}
