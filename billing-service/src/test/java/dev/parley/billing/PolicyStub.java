package dev.parley.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.tenancy.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A policy-service that knows every version at once, lets one admin change 100,000 credits and two a thousand million,
 * and says of balances what a test told it. The real one is tried in e2e-tests.
 */
public final class PolicyStub {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PolicyStub SHARED = new PolicyStub();

    private final HttpServer server;
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> balances = new ConcurrentHashMap<>();
    private final Map<String, String> entitlements = new ConcurrentHashMap<>();
    private volatile boolean down;

    private PolicyStub() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/internal/entitlements", exchange -> {
            String known = entitlements.get(tenant(exchange));
            answer(exchange, 200, known == null ? "{\"plan\":\"any\",\"version\":1000000}" : known);
        });
        server.createContext("/internal/decisions/administrative", this::decide);
        server.createContext("/internal/balances", exchange -> {
            String known = balances.get(tenant(exchange));
            answer(
                    exchange,
                    200,
                    known == null
                            ? "{\"policy_version\":0,\"granted\":0,\"available\":0,\"held\":0,\"lots\":[]}"
                            : known);
        });
        server.start();
    }

    public static PolicyStub shared() {
        return SHARED;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked about changes of that tenant. */
    public List<JsonNode> asked(TenantId tenant) {
        return asked.stream()
                .filter(question -> question.path("tenant_id").asText().equals(tenant.toString()))
                .toList();
    }

    public void balance(TenantId tenant, String json) {
        balances.put(tenant.toString(), json);
    }

    public void entitlement(TenantId tenant, String json) {
        entitlements.put(tenant.toString(), json);
    }

    /** Answers nothing but 503 about changes by staff while it is down. */
    public void down(boolean isDown) {
        down = isDown;
    }

    private void decide(HttpExchange exchange) throws IOException {
        JsonNode question = JSON.readTree(exchange.getRequestBody());
        asked.add(question);
        long credits = question.path("credits").asLong();
        if (down) {
            answer(exchange, 503, "{}");
            return;
        }
        boolean allow = credits <= 1_000_000_000;
        boolean two = allow && credits > 100_000;
        answer(exchange, 200, """
                {"decision_id":"%s","allow":%s,"approval_required":%s,"reason_code":"%s","rule_id":"administrative.%s",
                 "remedy":%s}
                """.formatted(
                        UUID.randomUUID(),
                        allow,
                        two,
                        allow ? two ? "APPROVAL_REQUIRED" : "ALLOWED" : "ABOVE_MAXIMUM",
                        allow ? two ? "four-eyes" : "one-admin" : "maximum",
                        allow && !two ? "null" : "\"ask another admin\""));
    }

    private static String tenant(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.")[1]);
        return JSON.readTree(claims).path("tenant_id").asText();
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
