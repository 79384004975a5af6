package dev.parley.channel.draft;

import dev.parley.platform.problem.ProblemType;

/** Problems of deciding drafts. */
public enum DraftProblem implements ProblemType {
    /** Somebody decided otherwise before. */
    DRAFT_DECIDED(409, "The draft was decided otherwise"),
    /** Its time is over, somebody took the conversation over, or the customer opted out. */
    DRAFT_OVER(409, "The draft cannot be sent any more"),
    /** The customer wrote again. */
    DRAFT_SUPERSEDED(409, "The customer wrote again, and the answer to that takes the draft's place"),
    /** Somebody edited it. */
    DRAFT_CHANGED(409, "The draft was changed since it was read");

    private final int status;
    private final String title;

    DraftProblem(int status, String title) {
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
