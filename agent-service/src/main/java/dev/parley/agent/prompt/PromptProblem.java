package dev.parley.agent.prompt;

import dev.parley.platform.problem.ProblemType;

/** What can go wrong with prompt versions. */
public enum PromptProblem implements ProblemType {
    /** The agent has no version of this number. */
    PROMPT_VERSION_NOT_FOUND(404, "There is no such prompt version"),
    /** Only drafts can be changed. */
    PROMPT_VERSION_IMMUTABLE(409, "A prompt version that was active cannot be changed"),
    /** No version was active before the current one. */
    NO_EARLIER_PROMPT_VERSION(409, "No prompt version was active before"),
    /** The provider or its model does not exist, or the variables are not understood. */
    PROMPT_VERSION_INVALID(422, "The prompt version cannot be used"),
    /** An experiment of the agent runs. */
    EXPERIMENT_RUNNING(409, "An experiment of the agent is running"),
    /** The agent has no active prompt version, is disabled, or does not exist. */
    AGENT_NOT_READY(409, "The agent cannot answer now");

    private final int status;
    private final String title;

    PromptProblem(int status, String title) {
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
