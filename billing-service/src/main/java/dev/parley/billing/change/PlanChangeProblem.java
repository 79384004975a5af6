package dev.parley.billing.change;

import dev.parley.platform.problem.ProblemType;

/** What can stand in the way of a change of plan. */
public enum PlanChangeProblem implements ProblemType {
    /** It is the plan that the tenant has. */
    PLAN_UNCHANGED(409, "The subscription is on that plan already"),
    /** A payment is open. */
    SUBSCRIPTION_UNPAID(409, "A payment is open"),
    /** It was cancelled, or a free plan follows it. */
    SUBSCRIPTION_ENDING(409, "The subscription ends with its period"),
    /** Another change waits for the provider's answer. */
    PLAN_CHANGE_RUNNING(409, "Another change of plan is being made"),
    /** No change waits. */
    PLAN_CHANGE_NOT_FOUND(404, "No change of plan waits"),
    /** Only a checkout can do that change. */
    CHECKOUT_REQUIRED(409, "The plan is changed through a checkout");

    private final int status;
    private final String title;

    PlanChangeProblem(int status, String title) {
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
