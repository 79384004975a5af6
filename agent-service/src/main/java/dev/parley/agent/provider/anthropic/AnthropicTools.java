package dev.parley.agent.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.parley.agent.provider.LlmMessage;
import dev.parley.agent.provider.LlmTools;
import java.util.ArrayList;
import java.util.List;

/** Functions as langchain4j wants and gives them. */
final class AnthropicTools {
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

    private static ToolSpecification specification(LlmTools.Tool tool) {
        ToolSpecification.Builder builder = ToolSpecification.builder().name(tool.name());
        if (tool.description() != null) {
            builder.description(tool.description());
        }
        return builder.parameters(schema(tool.parameters())).build();
    }

    /** Only the outermost object is langchain4j's; what is inside goes out as it came in. */
    private static JsonObjectSchema schema(JsonNode schema) {
        JsonObjectSchema.Builder builder = JsonObjectSchema.builder();
        if (schema == null) {
            return builder.build();
        }
        schema.path("properties")
                .properties()
                .forEach(property -> builder.addProperty(
                        property.getKey(),
                        JsonRawSchema.from(property.getValue().toString())));
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        builder.required(required);
        if (schema.path("additionalProperties").isBoolean()) {
            builder.additionalProperties(schema.get("additionalProperties").booleanValue());
        }
        return builder.build();
    }

    static ToolExecutionRequest request(LlmMessage.ToolCall call) {
        return ToolExecutionRequest.builder()
                .id(call.id())
                .name(call.name())
                .arguments(call.arguments().isBlank() ? "{}" : call.arguments())
                .build();
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
