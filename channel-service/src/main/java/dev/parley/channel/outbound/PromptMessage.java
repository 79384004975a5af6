package dev.parley.channel.outbound;

/**
 * One message of the context that an agent answers to.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content a text, or a list of content parts as OpenAI defines them
 */
public record PromptMessage(String role, Object content) {}
