package dev.parley.channel.account;

import dev.parley.platform.problem.ProblemType;

/** Problems of channel accounts. */
public enum AccountProblem implements ProblemType {
    /** There is no messenger of that name. */
    CHANNEL_TYPE_UNKNOWN(422, "There is no such kind of channel"),
    /** This account of the vendor is connected already. */
    CHANNEL_ALREADY_CONNECTED(409, "This account is connected already"),
    /** Somebody else changed the credentials meanwhile. */
    CHANNEL_CHANGED(409, "The channel's credentials were changed meanwhile"),
    /** The agent that should answer does not exist. */
    CHANNEL_AGENT_UNKNOWN(422, "There is no such agent");

    private final int status;
    private final String title;

    AccountProblem(int status, String title) {
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
