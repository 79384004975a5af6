package dev.parley.auth.identity;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with who a person is. */
public enum IdentityProblem implements ProblemType {
    /** The person did not prove yet that the e-mail address is its own. */
    EMAIL_NOT_VERIFIED(403, "The e-mail address is not verified");

    private final int status;
    private final String title;

    IdentityProblem(int status, String title) {
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
