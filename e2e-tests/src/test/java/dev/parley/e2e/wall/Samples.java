package dev.parley.e2e.wall;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Values for the members of a body, by name or by schema, good enough that the request is valid. What neither says
 * fails with what to add here, so that a new member cannot stay unattacked.
 */
final class Samples {
    /** Collections that a member does not name by itself: people are users, and one contact is merged into another. */
    private static final Map<String, String> NOUNS = Map.of("user", "members", "into", "contacts");

    /** Members for which another one is good than the one that the path names. */
    static final Map<String, String> OTHERS = Map.of("into", "/api/v1/contacts#other");

    /** Members whose schema does not say what a good value is. */
    private final Map<String, Supplier<Object>> byName = new LinkedHashMap<>();

    private final String canary;
    private final Function<String, String> ids;

    /**
     * Samples of one tenant.
     *
     * @param canary a text that goes into every free text
     * @param ids the tenant's id in a collection, such as {@code /api/v1/members}; fails when it has none
     */
    Samples(String canary, String organization, String botToken, Function<String, String> ids) {
        this.canary = canary;
        this.ids = ids;
        byName.put("email", () -> canary + "-" + UUID.randomUUID().toString().substring(0, 8) + "@example.com");
        byName.put("password", () -> "correct-horse-" + UUID.randomUUID());
        byName.put("refresh_token", () -> "not-a-refresh-token-" + UUID.randomUUID());
        byName.put("agent", () -> "concierge");
        byName.put("agents", () -> List.of("concierge"));
        byName.put("channel", () -> "web");
        byName.put("plan", () -> "starter");
        byName.put("provider", () -> "stripe");
        byName.put("/api/v1/provider-keys provider", () -> "default");
        byName.put("/api/v1/agents/{slug}/prompt-versions provider", () -> "default");
        byName.put("/api/v1/agents/{slug}/prompt-versions/{number} provider", () -> "default");
        byName.put("turns", () -> List.of(Map.of("user", canary, "expect", List.of())));
        byName.put("api_key", () -> "sk-" + canary);
        byName.put("type", () -> "telegram");
        byName.put("credentials", () -> Map.of("bot_token", botToken, "secret_token", canary + "-secret"));
        byName.put("scopes", () -> List.of("read"));
        byName.put("region", () -> "in");
        byName.put("confirmation", () -> organization);
        byName.put("success_url", () -> Stack.running().publicUrl() + "/console/");
        byName.put("cancel_url", () -> Stack.running().publicUrl() + "/console/");
        byName.put("settings", () -> Map.of("note", canary));
        byName.put("retention", Map::of);
        byName.put("slug", () -> "wall-" + UUID.randomUUID().toString().substring(0, 8));
        byName.put("ticket", () -> "WALL-1");
        byName.put("model", () -> "concierge");
        byName.put("country", () -> "IN");
        byName.put("currency", () -> "INR");
        byName.put("address", () -> Map.of("line1", canary, "city", canary));
        byName.put("customer", () -> Map.of("name", canary, "email", canary + "@example.com"));
        byName.put("lines", () -> List.of(Map.of("description", canary, "quantity", 1, "unit_amount", 100)));
        byName.put("lot_id", () -> ids.apply("/api/v1/lots"));
        byName.put("url", () -> Stack.running().simulatorsUrl() + "/telegram/bot" + botToken + "/getMe");
        byName.put("events", () -> List.of("message.failed"));
        byName.put("to", () -> canary + "@example.com");
        byName.put(
                "/api/v1/tools name",
                () -> "wall_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12));
        byName.put("/api/v1/tools parameters", () -> Map.of("type", "object"));
        byName.put("/api/v1/tools/{id} parameters", () -> Map.of("type", "object"));
        byName.put("secret_header", () -> Map.of("name", "X-Wall-Key", "value", canary + "-secret"));
        byName.put("/api/v1/otp to", () -> Long.toString(Household.chat(canary)));
        byName.put("/api/v1/otp purpose", () -> "login");
        byName.put("/api/v1/conversations/{id}/messages text", () -> canary + " text");
        byName.put("/api/v1/otp/{id}/checks code", () -> "000000");
        byName.put(
                "phone", () -> "+1415555" + (1_000 + Math.abs(UUID.randomUUID().hashCode() % 9_000)));
        byName.put("phone_region", () -> "IN");
        byName.put("default_region", () -> "DE");
        byName.put("time_zone", () -> "Asia/Kolkata");
        byName.put("language", () -> "en");
        byName.put("fields", () -> Map.of("note", canary));
        byName.put("query", () -> canary);
        byName.put("ids", () -> List.of(ids.apply("/api/v1/drafts")));
        byName.put("/api/v1/conversations/{id}/devices token", () -> "device:" + canary);
        byName.put("/api/v1/conversations/{id}/devices/{device} token", () -> "device:" + canary);
        byName.put("messages", () -> List.of(Map.of("role", "user", "content", canary)));
    }

    /** A body of any form: a list is of what the last part of the path names, and a file is a text. */
    Object any(Operation operation) {
        if (operation.takesBytes()) {
            return canary.getBytes(StandardCharsets.UTF_8);
        }
        if (!operation.body().path("type").asText().equals("array")) {
            return body(operation);
        }
        String noun = operation.path().substring(operation.path().lastIndexOf('/') + 1);
        if (!byName.containsKey(noun)) {
            throw unknown(operation, noun, operation.body());
        }
        return byName.get(noun).get();
    }

    /** The value of a parameter without which the operation does nothing. */
    String parameter(Operation operation, Operation.Parameter parameter) {
        return value(operation, parameter.name(), parameter.schema()).toString();
    }

    /** A body with the required members, and the others for which a good value is known. */
    Map<String, Object> body(Operation operation) {
        return body(
                operation, member -> byName.containsKey(member) || byName.containsKey(operation.path() + " " + member));
    }

    /** A body with the required members and those wanted beside them. */
    Map<String, Object> body(Operation operation, java.util.function.Predicate<String> wanted) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (isFreeForm(operation.body())) {
            Stream.of("model", "messages")
                    .forEach(name -> body.put(name, byName.get(name).get()));
        }
        operation.body().path("properties").properties().forEach(member -> {
            if (required(operation.body(), member.getKey()) || wanted.test(member.getKey())) {
                body.put(member.getKey(), value(operation, member.getKey(), member.getValue()));
            }
        });
        return body;
    }

    /** Whether nothing is said about the body's members: only the OpenAI-compatible operation is like that. */
    static boolean isFreeForm(JsonNode schema) {
        return schema.path("properties").isEmpty();
    }

    /** The collection that a member's id is of: {@code user_id} is of {@code /api/v1/members}, others by their name. */
    static Optional<String> collectionOf(String member, JsonNode schema) {
        if (!schema.path("format").asText().equals("uuid") && !member.endsWith("_id")) {
            return Optional.empty();
        }
        String noun = member.replaceFirst("_?id$", "");
        return Optional.of("/api/v1/" + NOUNS.getOrDefault(noun, noun.replace('_', '-') + "s"))
                .filter(collection -> !member.equals("client_message_id") && !member.equals("vat_id"));
    }

    private static boolean required(JsonNode schema, String member) {
        for (JsonNode name : schema.path("required")) {
            if (name.asText().equals(member)) {
                return true;
            }
        }
        return false;
    }

    private Object value(Operation operation, String name, JsonNode schema) {
        String pattern = schema.path("pattern").asText("");
        if (pattern.matches("[a-z_]+(\\|[a-z_]+)+")) {
            return pattern.substring(pattern.lastIndexOf('|') + 1);
        }
        if (!schema.path("enum").isEmpty()) {
            return schema.path("enum").get(schema.path("enum").size() - 1).asText();
        }
        Optional<String> collection = collectionOf(name, schema);
        if (collection.isPresent()) {
            return ids.apply(OTHERS.getOrDefault(name, collection.get()));
        }
        String here = operation.path() + " " + name;
        boolean known = byName.containsKey(here) || byName.containsKey(name);
        if (known && !schema.path("format").asText().equals("date-time")) {
            return byName.getOrDefault(here, byName.get(name)).get();
        }
        return switch (schema.path("type").asText()) {
            case "integer", "number" -> schema.path("minimum").asLong(1);
            case "boolean" -> false;
            case "array" -> List.of();
            case "object" -> Map.of();
            case "string" -> text(operation, name, schema, pattern);
            default -> throw unknown(operation, name, schema);
        };
    }

    private Object text(Operation operation, String name, JsonNode schema, String pattern) {
        if (schema.path("format").asText().equals("date-time")) {
            return Instant.now()
                    .plus(300, ChronoUnit.DAYS)
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        }
        String text = canary + " " + name.replace('_', ' ');
        if (pattern.isEmpty()
                || java.util.regex.Pattern.compile(pattern).matcher(text).find()) {
            return text;
        }
        throw unknown(operation, name, schema);
    }

    private static AssertionError unknown(Operation operation, String name, JsonNode schema) {
        return new AssertionError(
                "%s has the member %s (%s): add a valid value for it to Samples".formatted(operation, name, schema));
    }
}
