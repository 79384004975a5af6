package dev.parley.agent.run;

import dev.parley.platform.problem.ProblemType;

/** Why there is no reply. */
public enum RunProblem implements ProblemType {
    /** The provider refused, broke off, or answered something unreadable. Nothing is charged. */
    PROVIDER_FAILED(502, "The model provider failed"),
    /** The provider did not answer in time. Nothing is charged. */
    PROVIDER_TIMEOUT(504, "The model provider did not answer in time"),
    /** Not even the last message fits the model's context or the plan's limit. */
    CONTEXT_TOO_LARGE(422, "The conversation is too large"),
    /** A message is of a form that is not understood. */
    MESSAGE_INVALID(422, "A message is not understood"),
    /** This operation is being answered at this moment. */
    RUN_IN_PROGRESS(409, "This operation is being answered already");

    private final int status;
    private final String title;

    RunProblem(int status, String title) {
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
