package dev.parley.policy.engine;

/**
 * How large the worst case of a model call is assumed to be, in tokens.
 *
 * @param maxInputTokens the most that a run may send to the model
 * @param systemPromptTokens added to the caller's estimate for what the agent adds to it
 * @param defaultOutputTokens reserved when the caller does not say how much it wants
 * @param minOutputTokens when not even that is affordable, the call is refused
 */
public record Sizing(int maxInputTokens, int systemPromptTokens, int defaultOutputTokens, int minOutputTokens) {}
