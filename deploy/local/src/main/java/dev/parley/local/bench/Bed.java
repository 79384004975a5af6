package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.local.ParleyStack;
import dev.parley.local.Part;
import dev.parley.local.Replica;
import dev.parley.local.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What figures are measured on: a stack of their own with wide limits, and the people who use it. The stack starts when
 * the first figure asks for it.
 */
final class Bed implements AutoCloseable {
    /** Keeps all ports below those that Linux gives to outgoing connections (32768 and up), which could take one. */
    static final int OFFSET = 13_000;

    static final String PASSWORD = "correct-horse-battery-1";
    private static final Map<String, String> WIDE = wide();

    private final Path data;
    private final int portOffset;
    private final Effort effort;
    private ParleyStack stack;
    private Api api;
    private String plan;

    Bed(Path data, int portOffset, Effort effort) {
        this.data = data;
        this.portOffset = portOffset;
        this.effort = effort;
    }

    private void start() {
        stack = ParleyStack.start(StackOptions.of(data, portOffset)
                .withOptimisation(true)
                .withEnvironment(WIDE)
                .withOutput(System.err::println));
        // Who interrupts the bench does not leave a stack behind.
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
        api = new Api(stack.gatewayUrl());
        try {
            new Api(stack.simulatorsUrl()).send("PUT", "/_control/log", null, Map.of("mode", "counters"));
        } catch (IOException deaf) {
            throw new UncheckedIOException(deaf);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the stack starts", stopped);
        }
    }

    private static Map<String, String> wide() {
        Map<String, String> wide = new TreeMap<>();
        for (String limit : List.of("TENANT", "CALLER", "ADDRESS", "LOGIN")) {
            wide.put("PARLEY_RATE_LIMIT_" + limit + "_RATE", "1000000");
            wide.put("PARLEY_RATE_LIMIT_" + limit + "_BURST", "1000000");
        }
        return wide;
    }

    ParleyStack stack() {
        if (stack == null) {
            start();
        }
        return stack;
    }

    Effort effort() {
        return effort;
    }

    /** The stack's gateway. */
    Api api() {
        stack();
        return api;
    }

    /** A gateway as in production, whose services are all this one address; auth-service and Kafka are the stack's. */
    Replica gateway(String services, Map<String, String> further) throws IOException {
        Map<String, String> settings = new TreeMap<>(further);
        for (String service : List.of("POLICY", "AGENT", "BILLING", "CHANNEL")) {
            settings.put("PARLEY_" + service + "_URL", services);
        }
        return stack().replica(Part.GATEWAY, freePort(), true, settings);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The access token of Parley's staff. */
    String staff() throws IOException, InterruptedException {
        return login("admin@parley.local", "parley-platform-admin")
                .path("access_token")
                .asText();
    }

    JsonNode login(String email, String password) throws IOException, InterruptedException {
        return api().send("POST", "/api/v1/auth/login", null, Map.of("email", email, "password", password));
    }

    /** Signs up somebody new with an organisation of its own. */
    Account signUp() throws IOException, InterruptedException {
        String email = "bench-" + UUID.randomUUID() + "@example.com";
        JsonNode answer = api().send(
                        "POST",
                        "/api/v1/auth/signup",
                        null,
                        Map.of(
                                "email",
                                email,
                                "password",
                                PASSWORD,
                                "name",
                                "Bench",
                                "organization",
                                "Bench " + email));
        return new Account(
                email,
                answer.path("access_token").asText(),
                answer.path("refresh_token").asText(),
                answer.path("user_id").asText(),
                answer.path("tenant_id").asText());
    }

    /** The same with a subscription that pays for any number of messages. */
    Account subscriber() throws IOException, InterruptedException {
        Account account = signUp();
        if (plan == null) {
            plan = "bench-" + UUID.randomUUID().toString().substring(0, 8);
            api().send("POST", "/api/v1/admin/plans", staff(), planOf(plan));
        }
        api().send(
                        "POST",
                        "/api/v1/checkout",
                        account.token(),
                        Map.of(
                                "plan",
                                plan,
                                "provider",
                                "stripe",
                                "success_url",
                                stack().publicUrl() + "/console/",
                                "cancel_url",
                                stack().publicUrl() + "/console/"));
        return account;
    }

    Account.Key key(Account owner, String... scopes) throws IOException, InterruptedException {
        JsonNode key = api().send(
                        "POST",
                        "/api/v1/api-keys",
                        owner.token(),
                        Map.of("name", "bench " + UUID.randomUUID(), "scopes", List.of(scopes)));
        return new Account.Key(key.path("id").asText(), key.path("key").asText());
    }

    String conversation(Account account) throws IOException, InterruptedException {
        return api().send("POST", "/api/v1/conversations", account.token(), Map.of("agent", "concierge"))
                .path("id")
                .asText();
    }

    /** The request that sends a message into a conversation. */
    static byte[] message(String conversation, String token) {
        return Api.post(
                "/api/v1/conversations/" + conversation + "/messages",
                token,
                "{\"text\":\"When are you open on Saturday, and do you deliver to Pune?\"}");
    }

    /** What channel-service shows policy-service when it asks for that tenant; lives five minutes. */
    String askingPolicy(Account account) throws IOException, InterruptedException {
        return askingPolicy(account.tenantId());
    }

    /** The same by the tenant's id. */
    String askingPolicy(String tenant) throws IOException, InterruptedException {
        return asking(Part.POLICY_SERVICE, tenant);
    }

    /** What channel-service shows another service when it asks for that tenant; lives five minutes. */
    String asking(Part service, Account account) throws IOException, InterruptedException {
        return asking(service, account.tenantId());
    }

    private String asking(Part service, String tenant) throws IOException, InterruptedException {
        return new Api("http://127.0.0.1:" + stack().ports().of(Part.AUTH_SERVICE))
                .send(
                        "POST",
                        "/internal/service-contexts",
                        null,
                        Map.of(
                                "service",
                                Part.CHANNEL_SERVICE.key(),
                                "secret",
                                stack().serviceSecret(Part.CHANNEL_SERVICE),
                                "tenant_id",
                                tenant,
                                "audience",
                                service.key()))
                .path("token")
                .asText();
    }

    /** How many credentials auth-service has exchanged since it started, by its own count. */
    long exchanges() throws IOException, InterruptedException {
        String metrics = new Api("http://127.0.0.1:" + stack().ports().of(Part.AUTH_SERVICE))
                .answer("GET", "/q/metrics", null, null)
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count")
                        && line.contains("uri=\"/internal/context-exchanges\""))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** A database of the stack, such as {@code auth}, as the superuser. */
    Connection database(String service) throws SQLException {
        return DriverManager.getConnection(
                stack().superuserUrl(service.equals("keycloak") ? service : "parley_" + service));
    }

    private static Map<String, Object> planOf(String code) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("code", code);
        plan.put("name", "Bench");
        plan.put("price", Map.of("amount", 0, "currency", "INR"));
        plan.put("interval", "month");
        plan.put("credits", 100_000_000);
        plan.put(
                "rates",
                Map.of(
                        "message", Map.of("credits", 1, "per", 1),
                        "llm.input_tokens", Map.of("credits", 1, "per", 1000),
                        "llm.output_tokens", Map.of("credits", 3, "per", 1000)));
        plan.put("agents", List.of("concierge"));
        plan.put("channels", List.of("web", "api", "telegram"));
        plan.put("quotas", Map.of());
        plan.put("overage", Map.of("mode", "block"));
        plan.put("trial_days", 0);
        return plan;
    }

    @Override
    public void close() {
        if (stack != null) {
            stack.close();
        }
    }
}
