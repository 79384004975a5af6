package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.re2j.Pattern;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Bounds what it takes to check a value against a schema that anybody may have written. A reference is followed anew for
 * each value that it is applied to, so a schema of two hundred characters can ask for more steps than there is time:
 * the steps are counted first, without doing them.
 */
final class SchemaWork {
    private static final int MOST_STEPS = 50_000;
    private static final int DEEPEST = 400;
    private static final String REFERENCE = "$ref";
    private static final List<String> NOT_FOLLOWED =
            List.of("$dynamicRef", "$recursiveRef", "$dynamicAnchor", "$recursiveAnchor", "$anchor", "$id");
    private static final List<String> LISTS_HERE = List.of("allOf", "anyOf", "oneOf");
    private static final List<String> HERE = List.of("not", "if", "then", "else");
    private static final List<String> MAPS_HERE = List.of("dependentSchemas", "dependencies");
    private static final List<String> FOR_MEMBERS = List.of("additionalProperties", "unevaluatedProperties");
    private static final List<String> FOR_ELEMENTS =
            List.of("items", "contains", "additionalItems", "unevaluatedItems");

    private final JsonNode root;
    private int steps;

    private SchemaWork(JsonNode root) {
        this.root = root;
    }

    /**
     * Checks what can be checked of a schema by reading it once.
     *
     * @throws IllegalArgumentException when it refers to what is not in it, or has a pattern that is none
     */
    static void read(JsonNode schema) {
        new SchemaWork(schema).read(schema, 0);
    }

    /** Whether a value can be checked against a schema with a bounded number of steps. */
    static boolean isBounded(JsonNode schema, JsonNode value) {
        return new SchemaWork(schema).apply(schema, value, 0);
    }

    private void read(JsonNode node, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("nested too deeply");
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (member.getValue().isTextual()) {
                readText(member.getKey(), member.getValue().textValue());
            } else if (member.getKey().equals("patternProperties")) {
                member.getValue().fieldNames().forEachRemaining(Pattern::compile);
            }
        }
        for (JsonNode child : node) {
            read(child, depth + 1);
        }
    }

    private void readText(String keyword, String text) {
        if (keyword.equals("pattern")) {
            Pattern.compile(text);
        } else if (keyword.equals(REFERENCE)) {
            target(text);
        } else if (NOT_FOLLOWED.contains(keyword)) {
            throw new IllegalArgumentException(keyword + " is not understood");
        }
    }

    /** Counts the steps for a value, as if nothing ended a check before its end; false when there are too many. */
    private boolean apply(JsonNode schema, JsonNode value, int depth) {
        steps += 1 + schema.size();
        if (steps > MOST_STEPS || depth > DEEPEST) {
            return false;
        }
        if (!schema.isObject()) {
            return true;
        }
        JsonNode reference = schema.path(REFERENCE);
        if (reference.isTextual() && !apply(target(reference.textValue()), value, depth + 1)) {
            return false;
        }
        for (String keyword : LISTS_HERE) {
            if (!applyAll(schema.path(keyword), value, depth)) {
                return false;
            }
        }
        for (String keyword : HERE) {
            if (schema.has(keyword) && !apply(schema.get(keyword), value, depth + 1)) {
                return false;
            }
        }
        for (String keyword : MAPS_HERE) {
            if (!applyAll(schema.path(keyword), value, depth)) {
                return false;
            }
        }
        return toMembers(schema, value, depth) && toElements(schema, value, depth);
    }

    private boolean applyAll(JsonNode schemas, JsonNode value, int depth) {
        for (JsonNode each : schemas) {
            if (!apply(each, value, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean toMembers(JsonNode schema, JsonNode value, int depth) {
        if (!value.isObject()) {
            return true;
        }
        JsonNode properties = schema.path("properties");
        JsonNode patterns = schema.path("patternProperties");
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode own = properties.path(member.getKey());
            if (!own.isMissingNode() && !apply(own, member.getValue(), depth + 1)) {
                return false;
            }
            if (!applyAll(patterns, member.getValue(), depth)) {
                return false;
            }
            for (String keyword : FOR_MEMBERS) {
                if (schema.has(keyword) && !apply(schema.get(keyword), member.getValue(), depth + 1)) {
                    return false;
                }
            }
            if (schema.has("propertyNames")
                    && !apply(schema.get("propertyNames"), TextNode.valueOf(member.getKey()), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean toElements(JsonNode schema, JsonNode value, int depth) {
        if (!value.isArray()) {
            return true;
        }
        JsonNode first = schema.path("prefixItems");
        for (int i = 0; i < value.size(); i++) {
            if (first.has(i) && !apply(first.get(i), value.get(i), depth + 1)) {
                return false;
            }
            for (String keyword : FOR_ELEMENTS) {
                JsonNode each = schema.path(keyword);
                boolean fits = each.isArray()
                        ? applyAll(each, value.get(i), depth)
                        : each.isMissingNode() || apply(each, value.get(i), depth + 1);
                if (!fits) {
                    return false;
                }
            }
        }
        return true;
    }

    private JsonNode target(String reference) {
        if (!reference.equals("#") && !reference.startsWith("#/")) {
            throw new IllegalArgumentException("a reference out of the schema");
        }
        JsonNode target =
                root.at(URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        if (target.isMissingNode()) {
            throw new IllegalArgumentException("a reference to nothing");
        }
        return target;
    }
}
