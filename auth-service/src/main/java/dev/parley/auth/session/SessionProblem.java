package dev.parley.auth.session;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with a browser login. */
public enum SessionProblem implements ProblemType {
    /** The login was not begun in this browser, took too long, or was refused. */
    LOGIN_FAILED(400, "The login did not succeed"),
    /** The login page can do a few things besides logging in, and this is none of them. */
    LOGIN_ACTION_UNKNOWN(400, "The login page cannot do this"),
    /** A logout that Keycloak did not sign. */
    LOGOUT_TOKEN_NOT_VALID(400, "The logout token is not valid"),
    /** After the login a browser is only sent to a path of Parley's own. */
    REDIRECT_NOT_ALLOWED(400, "This address is not one of ours");

    private final int status;
    private final String title;

    SessionProblem(int status, String title) {
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
