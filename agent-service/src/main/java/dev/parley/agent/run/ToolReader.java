package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.provider.LlmFormat;
import dev.parley.agent.provider.LlmTools;
import dev.parley.platform.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads functions, the choice among them and the form of the reply as OpenAI's clients send them. */
final class ToolReader {
    private static final int MOST_TOOLS = 128;
    private static final int LARGEST = 128 * 1024;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    private ToolReader() {}

    /** The functions of a request; none when it has none. */
    static LlmTools readTools(JsonNode tools, JsonNode choice) {
        if (isAbsent(tools) || tools.isEmpty()) {
            if (!isAbsent(choice)
                    && !choice.asText("").equals("none")
                    && !choice.asText("").equals("auto")) {
                throw refused("tool_choice needs tools");
            }
            return LlmTools.NONE;
        }
        if (!tools.isArray() || tools.size() > MOST_TOOLS || tools.toString().length() > LARGEST) {
            throw refused("tools is a list of at most " + MOST_TOOLS + " functions and " + LARGEST + " characters");
        }
        List<LlmTools.Tool> read = new ArrayList<>(tools.size());
        Set<String> names = new HashSet<>();
        for (JsonNode tool : tools) {
            LlmTools.Tool function = readTool(tool);
            if (!names.add(function.name())) {
                throw refused("two tools are called " + function.name());
            }
            read.add(function);
        }
        return chosen(read, names, choice);
    }

    private static LlmTools.Tool readTool(JsonNode tool) {
        JsonNode function = tool.path("function");
        String name = function.path("name").asText("");
        if (!tool.path("type").asText("").equals("function")
                || !NAME.matcher(name).matches()) {
            throw refused("a tool is a function with a name of up to 64 letters, digits, _ and -");
        }
        JsonNode parameters = function.get("parameters");
        if (!isAbsent(parameters) && !parameters.isObject()) {
            throw refused("the parameters of " + name + " are not a JSON Schema");
        }
        return new LlmTools.Tool(
                name,
                function.path("description").asText(null),
                isAbsent(parameters) ? null : parameters,
                function.path("strict").isBoolean() ? function.get("strict").booleanValue() : null);
    }

    private static LlmTools chosen(List<LlmTools.Tool> tools, Set<String> names, JsonNode choice) {
        if (isAbsent(choice)) {
            return LlmTools.offer(tools);
        }
        if (choice.isObject()) {
            String named = choice.path("function").path("name").asText("");
            if (!names.contains(named)) {
                throw refused("tool_choice names a function that tools does not have");
            }
            return new LlmTools(tools, LlmTools.Choice.NAMED, named);
        }
        return switch (choice.asText("")) {
            case "auto" -> LlmTools.offer(tools);
            case "none" -> new LlmTools(tools, LlmTools.Choice.NONE, null);
            case "required" -> new LlmTools(tools, LlmTools.Choice.REQUIRED, null);
            default -> throw refused("tool_choice is auto, none, required or a function");
        };
    }

    /** The form of the reply; null for free text. */
    static LlmFormat readFormat(JsonNode format) {
        if (isAbsent(format)) {
            return null;
        }
        switch (format.path("type").asText("")) {
            case "text" -> {
                return null;
            }
            case "json_object" -> {
                return LlmFormat.JSON_OBJECT;
            }
            case "json_schema" -> {
                JsonNode described = format.path("json_schema");
                String name = described.path("name").asText("");
                JsonNode schema = described.get("schema");
                if (!NAME.matcher(name).matches()
                        || isAbsent(schema)
                        || !schema.isObject()
                        || schema.toString().length() > LARGEST) {
                    throw refused("response_format.json_schema needs a name and a schema");
                }
                return new LlmFormat(
                        name,
                        schema,
                        described.path("strict").isBoolean()
                                ? described.get("strict").booleanValue()
                                : null);
            }
            default -> throw refused("response_format is text, json_object or json_schema");
        }
    }

    private static boolean isAbsent(JsonNode node) {
        return node == null || node.isNull() || node.isMissingNode();
    }

    private static Problem refused(String why) {
        return new Problem(RunProblem.MESSAGE_INVALID).detail(why + ".");
    }
}
