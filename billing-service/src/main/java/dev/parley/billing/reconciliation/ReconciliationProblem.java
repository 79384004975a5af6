package dev.parley.billing.reconciliation;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a reconciliation. */
public enum ReconciliationProblem implements ProblemType {
    /** There is no such run. */
    RECONCILIATION_NOT_FOUND(404, "There is no such reconciliation"),
    /** It has not ended yet. */
    RECONCILIATION_RUNNING(409, "The reconciliation is still running"),
    /** What explains a balance may still be on its way. */
    RECONCILIATION_EVENTS_WAITING(409, "Events are still on their way");

    private final int status;
    private final String title;

    ReconciliationProblem(int status, String title) {
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
