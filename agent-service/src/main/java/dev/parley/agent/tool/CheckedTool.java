package dev.parley.agent.tool;

import dev.parley.agent.provider.LlmTools;

/**
 * A function with what its arguments are checked against.
 *
 * @param description how the model is told of it
 * @param form the schema of its parameters, compiled once
 */
public record CheckedTool(ServerTool tool, LlmTools.Tool description, JsonForm form) {
    /**
     * Compiles the schema of a function.
     *
     * @throws IllegalArgumentException when the schema is unusable
     */
    public static CheckedTool of(ServerTool tool) {
        LlmTools.Tool description = tool.description();
        return new CheckedTool(tool, description, JsonForm.of(description.parameters()));
    }
}
