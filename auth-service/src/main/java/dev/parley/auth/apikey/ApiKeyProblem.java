package dev.parley.auth.apikey;

import dev.parley.platform.problem.ProblemType;

/** What can be wrong with a key. */
public enum ApiKeyProblem implements ProblemType {
    /** The key was revoked or has expired. */
    API_KEY_ENDED(409, "The API key works no more");

    private final int status;
    private final String title;

    ApiKeyProblem(int status, String title) {
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
