package dev.parley.billing.approval;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with an approval. */
public enum ApprovalProblem implements ProblemType {
    /** There is no such approval. */
    APPROVAL_NOT_FOUND(404, "There is no such approval"),
    /** It was withdrawn, or waited too long. */
    APPROVAL_ENDED(409, "The approval waits no more"),
    /** The admin who asked may not agree to it. */
    SECOND_ADMIN_REQUIRED(403, "Another admin must agree");

    private final int status;
    private final String title;

    ApprovalProblem(int status, String title) {
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
