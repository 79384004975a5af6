package dev.parley.agent.provider;

/**
 * What a provider answered, complete.
 *
 * @param model the model that answered, as the provider names it
 * @param finishReason stop, length, content_filter or tool_calls; never null, for an answer without one was cut
 * @param usage the tokens as the provider reports them, or null when it reports none
 */
public record LlmReply(String text, String model, String finishReason, Usage usage) {
    /** Tokens the provider says it used; zero is zero. */
    public record Usage(int inputTokens, int outputTokens) {}
}
