package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.crypto.Sha256;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What an agent wants to do.
 *
 * @param version which function it was shown for, as {@link ServerTool#version}
 * @param arguments as they were checked, and as they would be used
 */
public record Wish(
        String conversationId,
        String agent,
        String channel,
        UUID operationId,
        UUID runId,
        String tool,
        String version,
        JsonNode arguments) {
    /** The same for the same arguments, in whatever order their members were written. */
    public byte[] fingerprint() {
        return fingerprint(arguments);
    }

    /** The same for the same value, in whatever order its members were written. */
    public static byte[] fingerprint(JsonNode arguments) {
        return Sha256.of(ordered(arguments).toString());
    }

    private static JsonNode ordered(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), ordered(member.getValue())));
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            object.setAll(members);
            return object;
        }
        if (node.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            node.forEach(each -> list.add(ordered(each)));
            return list;
        }
        return node;
    }
}
