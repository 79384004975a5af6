package dev.parley.policy.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.parley.policy.entitlement.SubscriptionChanged;
import dev.parley.policy.rules.RulesDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One case of src/test/resources/cases: what is given, what is asked and what must be answered. */
public record PolicyCase(String name, Given given, Asked ask, Map<String, Object> expect) {
    /** The tenant that rules name; the text of the files says NAMED_TENANT. */
    public static final UUID NAMED = UUID.randomUUID();

    public static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory())
            .registerModule(new JavaTimeModule())
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    /** The question, before it is known who asks. */
    public record Asked(String agent, String channel, String feature, Map<String, Long> estimate, Ask.Contact contact) {
        public Ask by(UUID tenant) {
            return new Ask(tenant, agent, channel, feature, estimate, contact);
        }
    }

    /**
     * The state before; used may exceed granted.
     *
     * @param named whether the tenant is the one that rules name
     */
    public record Given(
            RulesDocument rules,
            boolean named,
            SubscriptionChanged subscription,
            boolean suspended,
            boolean unknown,
            long granted,
            long used,
            long held,
            Map<String, Standing.Counter> counters) {
        public Given {
            rules = rules == null ? RulesDocument.EMPTY : rules;
            counters = counters == null ? Map.of() : counters;
        }

        Standing standing() {
            return new Standing(granted, granted - used, held, counters);
        }
    }

    /** A limit in one line, as the files write it. */
    public static String limit(String meter, long limit, long used, long held, long remaining) {
        return "%s %d+%d of %d, %d left".formatted(meter, used, held, limit, remaining);
    }

    public static List<PolicyCase> all() {
        List<PolicyCase> cases = new ArrayList<>();
        for (String file : List.of("access", "rules", "features", "contacts", "credits", "quotas")) {
            try (InputStream yaml = PolicyCase.class.getResourceAsStream("/cases/" + file + ".yaml")) {
                String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
                JsonNode document = YAML.readTree(text.replace("NAMED_TENANT", NAMED.toString()));
                document.get("cases").forEach(one -> cases.add(parse(file, (ObjectNode) document.get("given"), one)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return cases;
    }

    private static PolicyCase parse(String file, ObjectNode base, JsonNode one) {
        ObjectNode given = base.deepCopy();
        one.properties().forEach(member -> {
            switch (member.getKey()) {
                case "name", "ask", "expect" -> {}
                case "subscription" -> ((ObjectNode) given.get("subscription")).setAll((ObjectNode) member.getValue());
                default -> given.set(member.getKey(), member.getValue());
            }
        });
        ObjectNode ask = YAML.createObjectNode().put("agent", "concierge").put("channel", "web");
        ask.putObject("estimate").put("message", 1);
        if (one.has("ask")) {
            ask.setAll((ObjectNode) one.get("ask"));
        }
        return new PolicyCase(
                file + ": " + one.get("name").asText(),
                YAML.convertValue(given, Given.class),
                YAML.convertValue(ask, Asked.class),
                YAML.convertValue(one.get("expect"), LinkedHashMap.class));
    }
}
