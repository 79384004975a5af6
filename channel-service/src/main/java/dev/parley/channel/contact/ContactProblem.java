package dev.parley.channel.contact;

import dev.parley.platform.problem.ProblemType;

/** Problems of contacts. */
public enum ContactProblem implements ProblemType {
    /** Another contact has this number. */
    CONTACT_PHONE_TAKEN(409, "Another contact has this phone number"),
    /** A contact cannot be merged into itself. */
    CONTACT_MERGED_INTO_ITSELF(422, "A contact cannot be merged into itself");

    private final int status;
    private final String title;

    ContactProblem(int status, String title) {
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
