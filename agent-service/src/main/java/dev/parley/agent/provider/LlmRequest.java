package dev.parley.agent.provider;

import java.util.List;

/**
 * What to ask of a provider.
 *
 * @param messages system messages first, then the conversation, oldest first
 * @param temperature null leaves it to the provider
 * @param maxTokens the most tokens of output, or null for the provider's own limit
 * @param stop texts that end the reply; empty for none
 */
public record LlmRequest(
        String model, List<LlmMessage> messages, Double temperature, Integer maxTokens, List<String> stop) {}
