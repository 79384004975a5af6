package dev.parley.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The part of policy-service that says whether there may be one more of something. Tests say under /control/policy what
 * it knows of a tenant: its quotas, {@code inactive}, {@code silent}, or how many questions to {@code gather} before the
 * first is answered.
 */
final class FakePolicy {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SILENCE_MILLIS = 6_000;

    private final Map<String, Terms> known = new ConcurrentHashMap<>();
    private final Map<String, List<JsonNode>> asked = new ConcurrentHashMap<>();

    private record Terms(JsonNode told, CountDownLatch gathered) {
        static final Terms NONE = of(JSON.createObjectNode());

        static Terms of(JsonNode told) {
            return new Terms(told, new CountDownLatch(told.path("gather").asInt(0)));
        }

        boolean silent() {
            return told.path("silent").asBoolean();
        }
    }

    /** Answers on that server from now on. */
    void serve(HttpServer server) {
        server.createContext("/internal/decisions", this::decide);
        server.createContext("/q/health/live", this::health);
        server.createContext("/control/policy", this::control);
    }

    private void decide(HttpExchange exchange) throws IOException {
        JsonNode question = JSON.readTree(exchange.getRequestBody().readAllBytes());
        JsonNode caller = claims(exchange);
        if (!caller.path("aud").toString().contains("\"policy-service\"")
                || !caller.path("sub").asText().equals("service:auth-service")) {
            send(exchange, 401, "");
            return;
        }
        boolean agreed = question.path("operation_id").isTextual()
                && question.path("user_id").isTextual()
                && question.path("estimate").size() == 1
                && question.path("hold").isBoolean()
                && !question.path("hold").asBoolean()
                && question.size() == 4;
        if (!agreed) {
            send(
                    exchange,
                    400,
                    "{\"code\":\"INVALID_REQUEST\",\"title\":\""
                            + question.properties().size() + "\"}");
            return;
        }
        String tenant = caller.path("tenant_id").asText();
        asked.computeIfAbsent(tenant, any -> new CopyOnWriteArrayList<>()).add(question);
        Terms terms = known.getOrDefault(tenant, Terms.NONE);
        pause(terms);
        Map.Entry<String, JsonNode> stock =
                question.path("estimate").properties().iterator().next();
        send(
                exchange,
                200,
                answer(terms.told(), stock.getKey(), stock.getValue().asLong()).toString());
    }

    private static ObjectNode answer(JsonNode terms, String stock, long present) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("decision_id", UUID.randomUUID().toString());
        answer.put("policy_version", 1).put("rules_version", 0).putNull("hold").putNull("resets_at");
        ArrayNode limits = answer.putArray("limits_applied");
        if (terms.path("inactive").asBoolean()) {
            return answer.put("allow", false)
                    .put("status", 403)
                    .put("reason_code", "SUBSCRIPTION_INACTIVE")
                    .put("rule_id", "subscription.usable")
                    .put("remedy", "Subscribe to a plan.");
        }
        boolean limited = terms.has(stock);
        long quota = terms.path(stock).asLong();
        long remaining = Math.max(0, quota - present);
        if (limited && remaining == 0) {
            limits.add(limit(stock, quota, present, remaining));
            return answer.put("allow", false)
                    .put("status", 402)
                    .put("reason_code", "QUOTA_EXCEEDED")
                    .put("rule_id", "plan.quotas." + stock)
                    .put("limit", quota)
                    .put("used", present)
                    .put("held", 0)
                    .put("remaining", remaining)
                    .put("remedy", "Change to a plan with more " + stock + ", or remove one.");
        }
        limits.add(limit("credits", 100, 0, 100));
        if (limited) {
            limits.add(limit(stock, quota, present, remaining));
        }
        return answer.put("allow", true)
                .put("status", 200)
                .put("reason_code", "ALLOWED")
                .put("rule_id", "credits.balance")
                .put("limit", 100)
                .put("used", 0)
                .put("held", 0)
                .put("remaining", 100)
                .putNull("remedy");
    }

    private static ObjectNode limit(String meter, long limit, long used, long remaining) {
        return JSON.createObjectNode()
                .put("meter", meter)
                .put("limit", limit)
                .put("used", used)
                .put("held", 0)
                .put("remaining", remaining)
                .putNull("resets_at");
    }

    private void health(HttpExchange exchange) throws IOException {
        Collection<Terms> all = known.values();
        all.stream().filter(Terms::silent).findFirst().ifPresent(FakePolicy::pause);
        send(exchange, 200, "{\"status\":\"UP\"}");
    }

    private static void pause(Terms terms) {
        try {
            if (terms.silent()) {
                Thread.sleep(SILENCE_MILLIS);
            }
            terms.gathered().countDown();
            terms.gathered().await(4, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void control(HttpExchange exchange) throws IOException {
        String tenant = exchange.getRequestURI().getPath().substring("/control/policy/".length());
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (body.length > 0) {
            known.put(tenant, Terms.of(JSON.readTree(body)));
        }
        send(exchange, 200, JSON.writeValueAsString(asked.getOrDefault(tenant, List.of())));
    }

    private static JsonNode claims(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.")[1]));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().close();
        }
    }
}
