package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller may ask of one run, within what the agent's prompt version allows.
 *
 * @param tools functions that the caller carries out itself, as OpenAI defines them
 * @param toolChoice auto, none, required, or one of the functions
 * @param responseFormat the form of the reply, as OpenAI defines it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunParameters(
        @Nullable Double temperature,
        @Nullable Integer maxTokens,
        @Nullable List<String> stop,
        @Nullable JsonNode tools,
        @Nullable JsonNode toolChoice,
        @Nullable JsonNode responseFormat) {
    private static final int CHARACTERS_PER_TOKEN = 3;

    /** Parameters of a reply in free text, without functions. */
    public RunParameters(@Nullable Double temperature, @Nullable Integer maxTokens, @Nullable List<String> stop) {
        this(temperature, maxTokens, stop, null, null, null);
    }

    /** How many tokens of input they add to a context. */
    public long estimate() {
        return (length(tools) + length(responseFormat)) / CHARACTERS_PER_TOKEN;
    }

    private static long length(@Nullable JsonNode node) {
        return node == null ? 0 : node.toString().length();
    }
}
