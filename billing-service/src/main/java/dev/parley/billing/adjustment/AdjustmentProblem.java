package dev.parley.billing.adjustment;

import dev.parley.platform.problem.ProblemType;

/** Why credits are not changed by hand. */
public enum AdjustmentProblem implements ProblemType {
    /** The tenant has no such operation, or it was not charged. */
    OPERATION_NOT_CHARGED(404, "The operation was not charged");

    private final int status;
    private final String title;

    AdjustmentProblem(int status, String title) {
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
