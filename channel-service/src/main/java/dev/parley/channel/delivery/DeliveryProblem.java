package dev.parley.channel.delivery;

import dev.parley.platform.problem.ProblemType;

/** Problems of sends. */
public enum DeliveryProblem implements ProblemType {
    /** Everybody knows what became of it. */
    SEND_NOT_AMBIGUOUS(409, "This send is not ambiguous");

    private final int status;
    private final String title;

    DeliveryProblem(int status, String title) {
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
