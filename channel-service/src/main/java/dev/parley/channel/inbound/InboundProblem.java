package dev.parley.channel.inbound;

import dev.parley.platform.problem.ProblemType;

/** Problems of webhook calls. */
public enum InboundProblem implements ProblemType {
    /** The call does not come from the messenger. */
    WEBHOOK_NOT_VERIFIED(401, "The webhook call is not verified"),
    /** The body is not what the messenger sends. */
    WEBHOOK_NOT_READABLE(400, "The webhook call cannot be read");

    private final int status;
    private final String title;

    InboundProblem(int status, String title) {
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
