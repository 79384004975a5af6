package dev.parley.channel.handoff;

import dev.parley.platform.problem.ProblemType;

/** Problems of taking a conversation over. */
public enum HandoffProblem implements ProblemType {
    /** Whoever calls chat completions keeps the conversation, and hears nothing but what it asks for. */
    CONVERSATION_KEPT_BY_CALLER(409, "Nobody but its caller speaks in a conversation of chat completions"),
    /** The bot has the conversation. */
    CONVERSATION_NOT_TAKEN_OVER(409, "Nobody has taken the conversation over");

    private final int status;
    private final String title;

    HandoffProblem(int status, String title) {
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
