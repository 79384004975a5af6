package dev.parley.agent.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The functions that a model may call.
 *
 * @param named the function that has to be called with {@link Choice#NAMED}, else null
 */
public record LlmTools(List<Tool> offered, Choice choice, String named) {
    /** No functions at all. */
    public static final LlmTools NONE = new LlmTools(List.of(), Choice.AUTO, null);

    /** How free the model is. */
    public enum Choice {
        /** It decides. */
        AUTO,
        /** It must not call any. */
        NONE,
        /** It has to call at least one. */
        REQUIRED,
        /** It has to call the named one. */
        NAMED
    }

    /**
     * One function.
     *
     * @param description null for none
     * @param parameters a JSON Schema of an object, or null for a function without arguments
     * @param strict whether the provider shall hold the model to the schema; null leaves it to the provider
     */
    public record Tool(String name, String description, JsonNode parameters, Boolean strict) {}

    /** Functions that the model may call or not. */
    public static LlmTools offer(List<Tool> offered) {
        return new LlmTools(offered, Choice.AUTO, null);
    }

    /** The same functions, none of which may be called any more. */
    public LlmTools forbidden() {
        return new LlmTools(offered, Choice.NONE, null);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return offered.isEmpty();
    }
}
