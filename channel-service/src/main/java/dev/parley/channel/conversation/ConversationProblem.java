package dev.parley.channel.conversation;

import dev.parley.platform.problem.ProblemType;

/** Problems of opening conversations. */
public enum ConversationProblem implements ProblemType {
    /** There is no agent of that slug. */
    AGENT_UNKNOWN(422, "There is no such agent");

    private final int status;
    private final String title;

    ConversationProblem(int status, String title) {
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
