package dev.parley.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.provider.LlmTools;
import jakarta.enterprise.context.ApplicationScoped;

/** Asks for a person to take over the conversation; the channel does so after the reply. */
@ApplicationScoped
class HandoffTool implements ServerTool {
    @Override
    public LlmTools.Tool description() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties
                .putObject("reason")
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", 200)
                .put("description", "Why a person is needed");
        properties
                .putObject("summary")
                .put("type", "string")
                .put("maxLength", 2000)
                .put("description", "What the person should know of the conversation so far");
        schema.putArray("required").add("reason");
        schema.put("additionalProperties", false);
        return new LlmTools.Tool(
                "handoff_to_staff",
                "Hands the conversation over to a person. Then tell the customer that somebody will come back to them.",
                schema,
                null);
    }

    @Override
    public boolean needsStaff() {
        return true;
    }

    @Override
    public boolean isHighImpact() {
        return false;
    }

    @Override
    public String call(ToolContext context, JsonNode arguments) {
        context.effects()
                .handOff(new ToolEffects.Handoff(
                        arguments.path("reason").asText(),
                        arguments.path("summary").asText("")));
        return "A person will take over after your reply.";
    }
}
