package dev.parley.channel.adapter;

import dev.parley.platform.problem.ProblemType;

/** Problems between us and a messenger's vendor, told to the person who connects an account. */
public enum AdapterProblem implements ProblemType {
    /** The vendor knows no account with these credentials, or does not accept our webhook. */
    CHANNEL_REFUSED(422, "The messenger refused the channel"),
    /** The vendor could not be reached or did not answer in time; nothing was connected. */
    CHANNEL_UNREACHABLE(503, "The messenger could not be reached");

    private final int status;
    private final String title;

    AdapterProblem(int status, String title) {
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
