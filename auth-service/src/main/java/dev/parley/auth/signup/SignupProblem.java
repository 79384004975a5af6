package dev.parley.auth.signup;

import dev.parley.platform.problem.ProblemType;

/** What can stand against a sign-up. */
public enum SignupProblem implements ProblemType {
    /** There is an account with this e-mail address. */
    EMAIL_TAKEN(409, "There is an account with this e-mail address"),
    /** The realm's policy asks for a better password. */
    WEAK_PASSWORD(422, "The password is too weak");

    private final int status;
    private final String title;

    SignupProblem(int status, String title) {
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
