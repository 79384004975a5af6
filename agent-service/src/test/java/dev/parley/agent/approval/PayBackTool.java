package dev.parley.agent.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ServerTool;
import dev.parley.agent.tool.ToolContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A function of high impact, which the platform does not have yet. */
@ApplicationScoped
class PayBackTool implements ServerTool {
    /** What was paid back, and for whom. */
    static final List<String> PAID = new CopyOnWriteArrayList<>();

    @Override
    public LlmTools.Tool description() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        schema.putObject("properties").putObject("amount").put("type", "integer");
        schema.put("additionalProperties", false).putArray("required").add("amount");
        return new LlmTools.Tool("pay_back", "Pays money back", schema, null);
    }

    @Override
    public boolean isHighImpact() {
        return true;
    }

    @Override
    public String call(ToolContext context, JsonNode arguments) {
        PAID.add(context.conversationId() + " " + arguments.path("amount").asInt());
        return "Paid.";
    }
}
