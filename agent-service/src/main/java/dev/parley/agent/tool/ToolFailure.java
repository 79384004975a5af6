package dev.parley.agent.tool;

/** A function failed, and the model may be told how: the message names nothing of the inside. */
public final class ToolFailure extends RuntimeException {
    private final boolean unclear;

    /** @param told what the model is told */
    public ToolFailure(String told) {
        this(told, false);
    }

    private ToolFailure(String told, boolean unclear) {
        super(told, null, false, false);
        this.unclear = unclear;
    }

    /** One of which nobody can tell whether the function did it all the same: it must not be done again by itself. */
    public static ToolFailure unclear(String told) {
        return new ToolFailure(told, true);
    }

    /** Whether the function may have done it all the same. */
    public boolean isUnclear() {
        return unclear;
    }
}
