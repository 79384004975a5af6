package dev.parley.agent.tool;

/** A function failed, and the model may be told how: the message names nothing of the inside. */
public final class ToolFailure extends RuntimeException {
    /** @param told what the model is told */
    public ToolFailure(String told) {
        super(told, null, false, false);
    }
}
