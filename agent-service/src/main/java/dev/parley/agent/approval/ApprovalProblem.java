package dev.parley.agent.approval;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with approvals. */
public enum ApprovalProblem implements ProblemType {
    /** It was decided, used, or waited for too long. */
    TOOL_APPROVAL_CLOSED(409, "There is nothing to decide any more");

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
