package dev.parley.agent.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The variables of a prompt version and how they are put into its text. */
final class PromptVariables {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,62}");
    private static final int MAX_VALUE = 10_000;

    private PromptVariables() {}

    /** What is wrong with declared variables; empty when nothing is. They are an object of texts, or a list of names. */
    static Optional<String> objection(JsonNode variables) {
        if (variables == null || variables.isNull()) {
            return Optional.empty();
        }
        if (variables.isArray()) {
            for (JsonNode name : variables) {
                if (!name.isTextual() || !NAME.matcher(name.asText()).matches()) {
                    return Optional.of("variables: each name starts with a letter and holds letters, digits, _ . or -");
                }
            }
            return Optional.empty();
        }
        if (!variables.isObject()) {
            return Optional.of("variables is an object of default values, or a list of names");
        }
        for (Map.Entry<String, JsonNode> variable : variables.properties()) {
            if (!NAME.matcher(variable.getKey()).matches()) {
                return Optional.of("variables: each name starts with a letter and holds letters, digits, _ . or -");
            }
            JsonNode value = variable.getValue();
            if (value.isContainerNode()
                    || value.asText().length() > MAX_VALUE
                    || value.asText().indexOf('\0') >= 0) {
                return Optional.of("variables: a default value is a text of at most " + MAX_VALUE + " characters");
            }
        }
        return Optional.empty();
    }

    /** The declared variables with their default values; a name without one is empty. */
    static Map<String, String> defaults(JsonNode variables) {
        Map<String, String> values = new LinkedHashMap<>();
        if (variables == null) {
            return values;
        }
        if (variables.isArray()) {
            variables.forEach(name -> values.put(name.asText(), ""));
        } else {
            variables
                    .properties()
                    .forEach(variable -> values.put(
                            variable.getKey(),
                            variable.getValue().isNull()
                                    ? ""
                                    : variable.getValue().asText()));
        }
        return values;
    }

    /**
     * Puts values in place of <code>{{name}}</code>, spaces around the name allowed. A placeholder without a value stays
     * as it is, for prompts that show braces; values are not looked at again, so a value cannot smuggle in a placeholder.
     */
    static String render(String template, Map<String, String> values) {
        int open = template.indexOf("{{");
        if (open < 0) {
            return template;
        }
        StringBuilder text = new StringBuilder(template.length() + 64);
        int done = 0;
        while (open >= 0) {
            int close = template.indexOf("}}", open + 2);
            if (close < 0) {
                break;
            }
            String value = values.get(template.substring(open + 2, close).strip());
            if (value == null) {
                open = template.indexOf("{{", open + 1);
                continue;
            }
            text.append(template, done, open).append(value);
            done = close + 2;
            open = template.indexOf("{{", done);
        }
        return text.append(template, done, template.length()).toString();
    }

    /** How long a text is for a model: characters beyond ASCII count four times. */
    static int weight(String text) {
        return (int) Math.min(
                Integer.MAX_VALUE, text.chars().mapToLong(c -> c < 128 ? 1 : 4).sum());
    }
}
