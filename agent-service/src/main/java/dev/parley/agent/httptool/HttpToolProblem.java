package dev.parley.agent.httptool;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with tenants' own functions. */
public enum HttpToolProblem implements ProblemType {
    /** Its name, its parameters or its secret cannot be used. */
    TOOL_INVALID(422, "This function cannot be used"),
    /** Its address may not be called. */
    TOOL_URL_REFUSED(422, "This address cannot be called"),
    /** There is one of that name. */
    TOOL_NAME_TAKEN(409, "There is a function of that name"),
    /** There are as many as there may be. */
    TOOL_LIMIT(409, "There are as many functions as there may be");

    private final int status;
    private final String title;

    HttpToolProblem(int status, String title) {
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
