package dev.parley.agent.provider;

import java.util.List;
import java.util.Set;

/**
 * What to ask of a provider.
 *
 * @param messages system messages first, then the conversation, oldest first
 * @param temperature null leaves it to the provider
 * @param maxTokens the most tokens of output, or null for the provider's own limit
 * @param stop texts that end the reply; empty for none
 * @param tools the functions that the model may call
 * @param format the form of the reply, or null for free text
 */
public record LlmRequest(
        String model,
        List<LlmMessage> messages,
        Double temperature,
        Integer maxTokens,
        List<String> stop,
        LlmTools tools,
        LlmFormat format) {
    /** A request for free text without functions. */
    public LlmRequest(
            String model, List<LlmMessage> messages, Double temperature, Integer maxTokens, List<String> stop) {
        this(model, messages, temperature, maxTokens, stop, LlmTools.NONE, null);
    }

    /** The same asked of another model. */
    public LlmRequest of(String otherModel) {
        return new LlmRequest(otherModel, messages, temperature, maxTokens, stop, tools, format);
    }

    /** The same with another conversation. */
    public LlmRequest with(List<LlmMessage> otherMessages) {
        return new LlmRequest(model, otherMessages, temperature, maxTokens, stop, tools, format);
    }

    /** The same with files of these types alone; others are only mentioned. */
    public LlmRequest readable(Set<String> types) {
        return with(LlmMessage.readable(messages, types));
    }

    /** The same with other functions. */
    public LlmRequest with(LlmTools otherTools) {
        return new LlmRequest(model, messages, temperature, maxTokens, stop, otherTools, format);
    }

    /** The same with answers of at most that many tokens. */
    public LlmRequest writing(int mostTokens) {
        return new LlmRequest(model, messages, temperature, mostTokens, stop, tools, format);
    }
}
