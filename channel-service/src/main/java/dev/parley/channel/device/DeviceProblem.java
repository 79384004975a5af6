package dev.parley.channel.device;

import dev.parley.platform.problem.ProblemType;

/** Problems of devices that are to be notified. */
public enum DeviceProblem implements ProblemType {
    /** The tenant has no account through which devices could be notified, or several and the caller named none. */
    PUSH_NOT_CONNECTED(409, "No channel for notices is connected"),
    /** The conversation or the contact has as many devices as there may be. */
    DEVICE_LIMIT(409, "There are as many devices as there may be");

    private final int status;
    private final String title;

    DeviceProblem(int status, String title) {
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
