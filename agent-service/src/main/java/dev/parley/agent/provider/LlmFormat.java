package dev.parley.agent.provider;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The form that a reply shall have.
 *
 * @param name of the schema; null without one
 * @param schema a JSON Schema, or null when any JSON object will do
 * @param strict whether the provider shall hold the model to the schema; null leaves it to the provider
 */
public record LlmFormat(String name, JsonNode schema, Boolean strict) {
    /** Any JSON object. */
    public static final LlmFormat JSON_OBJECT = new LlmFormat(null, null, null);
}
