package dev.parley.agent.run;

import dev.parley.platform.problem.ProblemType;

/** Why there is no reply. */
public enum RunProblem implements ProblemType {
    /** The provider refused, broke off, or answered something unreadable. Nothing is charged. */
    PROVIDER_FAILED(502, "The model provider failed"),
    /** The provider did not answer in time. Nothing is charged. */
    PROVIDER_TIMEOUT(504, "The model provider did not answer in time"),
    /** The provider says that what it was asked is wrong; asking again does not help. Nothing is charged. */
    PROVIDER_REJECTED(502, "The model provider does not take what it was asked"),
    /** Not even the last message fits the model's context or the plan's limit. */
    CONTEXT_TOO_LARGE(422, "The conversation is too large"),
    /** A message is of a form that is not understood. */
    MESSAGE_INVALID(422, "A message is not understood"),
    /** The conversation goes round in circles: too many runs, the same question again and again, or too many tokens. */
    CONVERSATION_LOOPING(429, "The conversation is going round in circles"),
    /** By the schedule that the tenant set of the agent it does not answer now. Nothing is charged. */
    AGENT_CLOSED(403, "The agent does not answer at this time"),
    /** The message has something that the agent is set to ignore. Nothing is charged. */
    MESSAGE_IGNORED(403, "The agent does not answer such messages"),
    /** The agent is set to answer on other channels only. Nothing is charged. */
    CHANNEL_IGNORED(403, "The agent does not answer on this channel"),
    /** What was asked for a reply is not kept, so it cannot be asked again. */
    RUN_NOT_KEPT(409, "This run cannot be made again"),
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
