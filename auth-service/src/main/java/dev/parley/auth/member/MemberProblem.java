package dev.parley.auth.member;

import dev.parley.platform.problem.ProblemType;

/** What can stand against a change of members. */
public enum MemberProblem implements ProblemType {
    /** The tenant would be left without an owner. */
    LAST_OWNER(409, "The last owner stays"),
    /** Nobody raises its own role. */
    OWN_ROLE(403, "Nobody raises its own role");

    private final int status;
    private final String title;

    MemberProblem(int status, String title) {
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
