package dev.parley.agent.prompt.trial;

import dev.parley.platform.problem.ProblemType;

/** Why a version that is tried out gave no reply. */
public enum TrialProblem implements ProblemType {
    /** The provider refused, broke off, or answered something unreadable. */
    PROVIDER_FAILED(502, "The model provider failed"),
    /** The provider did not answer in time. */
    PROVIDER_TIMEOUT(504, "The model provider did not answer in time");

    private final int status;
    private final String title;

    TrialProblem(int status, String title) {
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
