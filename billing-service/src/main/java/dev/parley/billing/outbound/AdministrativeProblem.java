package dev.parley.billing.outbound;

import dev.parley.platform.problem.ProblemType;

/** Why staff may not make a change. */
public enum AdministrativeProblem implements ProblemType {
    /** Policy denies the change. */
    ADMINISTRATIVE_ACTION_DENIED(403, "The change is not allowed");

    private final int status;
    private final String title;

    AdministrativeProblem(int status, String title) {
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
