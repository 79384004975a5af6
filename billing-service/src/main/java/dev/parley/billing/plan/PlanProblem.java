package dev.parley.billing.plan;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a plan. */
public enum PlanProblem implements ProblemType {
    /** No plan has that code. */
    PLAN_NOT_FOUND(404, "There is no such plan"),
    /** A request names a plan that does not exist. */
    PLAN_UNKNOWN(422, "The plan does not exist");

    private final int status;
    private final String title;

    PlanProblem(int status, String title) {
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
