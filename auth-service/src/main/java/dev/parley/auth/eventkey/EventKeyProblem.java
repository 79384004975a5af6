package dev.parley.auth.eventkey;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with event keys. */
public enum EventKeyProblem implements ProblemType {
    /** The tenant is being erased, or was, and its key with it. */
    TENANT_ERASED(410, "Tenant erased");

    private final int status;
    private final String title;

    EventKeyProblem(int status, String title) {
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
