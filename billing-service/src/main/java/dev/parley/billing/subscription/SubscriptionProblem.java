package dev.parley.billing.subscription;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a subscription. */
public enum SubscriptionProblem implements ProblemType {
    /** The tenant has none. */
    SUBSCRIPTION_NOT_FOUND(404, "There is no subscription"),
    /** It is over and cannot be changed; a checkout begins a new one. */
    SUBSCRIPTION_ENDED(409, "The subscription has ended"),
    /** A paid subscription runs: a free plan can follow it, but not replace it. */
    SUBSCRIPTION_PAID(409, "A paid subscription is running");

    private final int status;
    private final String title;

    SubscriptionProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
