package dev.parley.policy.hold;

import dev.parley.platform.problem.ProblemType;

/** Problems of holds. */
enum HoldProblem implements ProblemType {
    /** There never was a hold for the operation, so nothing can be settled. */
    HOLD_NOT_FOUND(404, "There is no hold for this operation");

    private final int status;
    private final String title;

    HoldProblem(int status, String title) {
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
