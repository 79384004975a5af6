package dev.parley.channel.review;

import dev.parley.platform.problem.ProblemType;

/** Problems of rules of review. */
public enum ReviewProblem implements ProblemType {
    /** Too few drafts were approved unchanged, or too few were seen at all. */
    AUTOPILOT_NOT_EARNED(409, "The agent has not earned to send without review here"),
    /** There is no such agent, or the channel is no messenger. */
    REVIEW_NOT_POSSIBLE(422, "There is nothing to review there");

    private final int status;
    private final String title;

    ReviewProblem(int status, String title) {
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
