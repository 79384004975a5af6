package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.provider.LlmTools;
import dev.parley.agent.tool.ServerTool;
import dev.parley.agent.tool.ToolContext;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Orders of two tenants, and functions on them as the platform would have them, for tests. */
final class Shop {
    /** What the other tenant's order says. */
    static final String OF_OTHERS = "a secret of others";

    private final Map<TenantId, Map<String, String>> orders = new HashMap<>();

    Shop(TenantId tenant) {
        orders.put(tenant, new HashMap<>(Map.of("A-1", "a kettle")));
        orders.put(new TenantId(UUID.randomUUID()), Map.of("B-77", OF_OTHERS));
    }

    /** Writes what a customer noted on an order. */
    void note(TenantId tenant, String order, String note) {
        orders.get(tenant).put(order, note);
    }

    ServerTool lookUp() {
        return new Function(
                "look_up_order", false, "{\"order\":{\"type\":\"string\",\"pattern\":\"^[A-Z]-[0-9]+$\"}}", "order") {
            @Override
            public String call(ToolContext context, JsonNode arguments) {
                String order = arguments.path("order").asText();
                String said = orders.get(context.tenant()).get(order);
                return said == null ? "There is no such order." : "Order " + order + ": " + said;
            }
        };
    }

    ServerTool payBack(List<String> effects) {
        return new Function(
                "pay_back",
                true,
                "{\"order\":{\"type\":\"string\"},\"amount\":{\"type\":\"number\",\"minimum\":0}}",
                "order\",\"amount") {
            @Override
            public String call(ToolContext context, JsonNode arguments) {
                effects.add("paid " + arguments);
                return "Paid.";
            }
        };
    }

    private abstract static class Function implements ServerTool {
        private final String name;
        private final boolean highImpact;
        private final JsonNode schema;

        Function(String name, boolean highImpact, String properties, String required) {
            this.name = name;
            this.highImpact = highImpact;
            try {
                this.schema = new ObjectMapper()
                        .readTree("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":" + properties
                                + ",\"required\":[\"" + required + "\"]}");
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        @Override
        public LlmTools.Tool description() {
            return new LlmTools.Tool(name, "Of the shop", schema, null);
        }

        @Override
        public boolean isHighImpact() {
            return highImpact;
        }
    }
}
