package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One message of the context that an agent answers to.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}
 * @param content a text, or a list of content parts as OpenAI defines them; null where functions are called without a word
 * @param toolCalls the functions that the assistant called, as OpenAI defines them
 * @param toolCallId the call whose result this is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptMessage(
        String role,
        @Nullable Object content,
        @Nullable JsonNode toolCalls,
        @Nullable String toolCallId) {
    /** A message that has nothing to do with functions. */
    public PromptMessage(String role, Object content) {
        this(role, content, null, null);
    }
}
