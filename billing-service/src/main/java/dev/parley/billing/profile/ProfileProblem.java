package dev.parley.billing.profile;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a billing profile. */
public enum ProfileProblem implements ProblemType {
    /** None was given yet. */
    BILLING_PROFILE_NOT_FOUND(404, "There is no billing profile yet");

    private final int status;
    private final String title;

    ProfileProblem(int status, String title) {
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
