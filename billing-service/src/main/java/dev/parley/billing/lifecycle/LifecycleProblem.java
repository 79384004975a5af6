package dev.parley.billing.lifecycle;

import dev.parley.platform.problem.ProblemType;

/** What can stand in the way of a tenant's clock, or of a move to another provider. */
public enum LifecycleProblem implements ProblemType {
    /** Clocks cannot be moved in this installation. */
    TEST_CLOCK_DISABLED(404, "Clocks cannot be moved here"),
    /** A clock moves forward only. */
    TEST_CLOCK_BACKWARD(422, "A clock moves forward only"),
    /** The tenant bought in real time already. */
    TEST_CLOCK_TOO_LATE(409, "The subscription runs in real time"),
    /** The subscription cannot go on at the other provider as it stands. */
    PROVIDER_MOVE_REFUSED(409, "The subscription cannot be moved now");

    private final int status;
    private final String title;

    LifecycleProblem(int status, String title) {
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
