package dev.parley.agent.provider.anthropic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmTools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Functions as langchain4j wants and gives them. */
final class AnthropicTools {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AnthropicTools() {}

    /** Offers the functions; the one that has to be called is then the only one offered. */
    static void add(LlmTools tools, ChatRequest.Builder builder) {
        List<LlmTools.Tool> offered = tools.choice() == LlmTools.Choice.NAMED
                ? tools.offered().stream()
                        .filter(tool -> tool.name().equals(tools.named()))
                        .toList()
                : tools.offered();
        builder.toolSpecifications(
                offered.stream().map(AnthropicTools::specification).toList());
        builder.toolChoice(
                switch (tools.choice()) {
                    case AUTO -> ToolChoice.AUTO;
                    case NONE -> ToolChoice.NONE;
                    case REQUIRED, NAMED -> ToolChoice.REQUIRED;
                });
    }

    /** Without the schema of its arguments: langchain4j would leave half of it out ({@link TransportHttpClient}). */
    private static ToolSpecification specification(LlmTools.Tool tool) {
        ToolSpecification.Builder builder = ToolSpecification.builder().name(tool.name());
        if (tool.description() != null) {
            builder.description(tool.description());
        }
        return builder.parameters(JsonObjectSchema.builder().build()).build();
    }

    /** A body with the schemas of the functions' arguments as they were written. */
    static byte[] withSchemas(byte[] body, LlmTools tools) {
        if (tools.isEmpty()) {
            return body;
        }
        try {
            ObjectNode request = (ObjectNode) JSON.readTree(body);
            for (JsonNode each : request.path("tools")) {
                for (LlmTools.Tool tool : tools.offered()) {
                    if (tool.parameters() instanceof ObjectNode schema
                            && each.path("name").asText().equals(tool.name())) {
                        ObjectNode whole = JSON.createObjectNode().put("type", "object");
                        ((ObjectNode) each).set("input_schema", whole.setAll(schema));
                    }
                }
            }
            return JSON.writeValueAsBytes(request);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    static ToolExecutionRequest request(LlmMessage.ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(arguments(call.arguments()))
                .build();
    }

    /** The wire takes objects only; what another model wrote instead was turned back when it was called. */
    private static String arguments(String written) {
        try {
            JsonNode read = JSON.readTree(written);
            return read != null && read.isObject() ? read.toString() : "{}";
        } catch (JsonProcessingException malformed) {
            return "{}";
        }
    }

    static List<LlmMessage.ToolCall> calls(AiMessage message) {
        return message.toolExecutionRequests() == null
                ? List.of()
                : message.toolExecutionRequests().stream()
                        .map(request -> new LlmMessage.ToolCall(
                                request.id(), request.name(), request.arguments() == null ? "" : request.arguments()))
                        .toList();
    }
}
