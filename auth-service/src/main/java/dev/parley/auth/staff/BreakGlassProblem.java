package dev.parley.auth.staff;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a break-glass grant. */
public enum BreakGlassProblem implements ProblemType {
    /** The same person has a living grant for the same tenant. */
    BREAK_GLASS_OPEN(409, "You have an open grant for this organisation");

    private final int status;
    private final String title;

    BreakGlassProblem(int status, String title) {
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
