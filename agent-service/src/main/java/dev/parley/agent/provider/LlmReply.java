package dev.parley.agent.provider;

import java.util.List;

/**
 * What a provider answered, complete.
 *
 * @param model the model that answered, as the provider names it
 * @param finishReason stop, length, content_filter or tool_calls; never null, for an answer without one was cut
 * @param usage the tokens as the provider reports them, or null when it reports none
 * @param toolCalls the functions that the model wants to be called; then the text may be empty
 */
public record LlmReply(
        String text, String model, String finishReason, Usage usage, List<LlmMessage.ToolCall> toolCalls) {
    /** A reply of text alone. */
    public LlmReply(String text, String model, String finishReason, Usage usage) {
        this(text, model, finishReason, usage, List.of());
    }

    /** The same with another text. */
    public LlmReply saying(String otherText) {
        return new LlmReply(otherText, model, finishReason, usage, toolCalls);
    }

    /** The same with other functions called. */
    public LlmReply calling(List<LlmMessage.ToolCall> otherCalls) {
        return new LlmReply(text, model, finishReason, usage, otherCalls);
    }

    /** Tokens the provider says it used; zero is zero. */
    public record Usage(int inputTokens, int outputTokens) {}
}
