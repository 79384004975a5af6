package dev.parley.agent.prompt.golden;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with golden conversations and trials. */
public enum GoldenProblem implements ProblemType {
    /** The agent has no golden conversation of this id. */
    GOLDEN_CONVERSATION_NOT_FOUND(404, "There is no such golden conversation"),
    /** Another golden conversation of the agent has this name. */
    GOLDEN_NAME_TAKEN(409, "Another golden conversation has this name"),
    /** An expectation is not understood, or there are too many conversations. */
    GOLDEN_INVALID(422, "The golden conversation cannot be used"),
    /** The version has not passed the agent's golden conversations as both are now. */
    GOLDEN_NOT_PASSED(409, "The version has not passed the golden conversations"),
    /** The version was never tried, or there is no such trial. */
    TRIAL_NOT_FOUND(404, "There is no such trial"),
    /** The version is being tried at this moment. */
    TRIAL_RUNNING(409, "The version is being tried already"),
    /** The agent has no golden conversation to try a version on. */
    NOTHING_TO_TRY(409, "The agent has no golden conversations");

    private final int status;
    private final String title;

    GoldenProblem(int status, String title) {
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
