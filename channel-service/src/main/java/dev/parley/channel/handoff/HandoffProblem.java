package dev.parley.channel.handoff;

import dev.parley.platform.problem.ProblemType;

/** Problems of taking a conversation over. */
public enum HandoffProblem implements ProblemType {
    /** Replies of the web and the API go to who asked: there is nobody to speak to beside the bot. */
    CONVERSATION_NOT_ON_A_MESSENGER(409, "Only a conversation on a messenger can be taken over"),
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
