package dev.parley.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.RandomPauses;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Stands in for policy-service, agent-service, billing-service and Telegram; remembers what it was told. */
final class Fakes {
    /** What Telegram was told of the bot's webhook last. */
    static final AtomicReference<JsonNode> TELEGRAM_WEBHOOK =
            new AtomicReference<>(new ObjectMapper().createObjectNode());
    /** What Telegram waits for, the next time, before it says whose bot it is. */
    static final AtomicReference<CountDownLatch> IDENTIFICATION = new AtomicReference<>();

    static final ObjectMapper JSON = new ObjectMapper();
    static final String BOT_TOKEN = "12345:telegram-test-token";

    /** The picture that Telegram has. */
    /** What the fake messenger keeps beside the picture, by the id of the file. */
    static final Map<String, byte[]> FILES = Map.of(
            "text", "two chairs, one table".getBytes(StandardCharsets.UTF_8),
            "voice", "OggS voice".getBytes(StandardCharsets.UTF_8),
            "pdf", "%PDF-1.7 order".getBytes(StandardCharsets.UTF_8),
            "film", "\0\0\0\u0018ftypmp42".getBytes(StandardCharsets.UTF_8));

    static final byte[] PICTURE = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    static final String PROMPT_VERSION = "019bb000-0000-7000-8000-000000000007";

    /** Holds by operation: HELD, SETTLED or RELEASED. */
    static final Map<String, String> HOLDS = new ConcurrentHashMap<>();
    /** How often each operation was settled for the first time. */
    static final Map<String, Integer> DEBITS = new ConcurrentHashMap<>();
    /** Results of agents by operation. */
    static final Map<String, ObjectNode> RUNS = new ConcurrentHashMap<>();
    /** Operations that reached a provider, one entry for each call. */
    static final List<String> PROVIDER_CALLS = new CopyOnWriteArrayList<>();
    /** What each operation was settled with first. */
    static final Map<String, JsonNode> SETTLEMENTS = new ConcurrentHashMap<>();
    /** The tenants for which a run's result was looked up. */
    static final List<String> RUN_LOOKUPS = new CopyOnWriteArrayList<>();
    /** What agents were asked, latest last. */
    static final List<JsonNode> RUN_REQUESTS = new CopyOnWriteArrayList<>();
    /** Decisions that were asked for. */
    static final List<JsonNode> DECISIONS = new CopyOnWriteArrayList<>();
    /** What Telegram was asked, latest last. */
    static final List<Call> TELEGRAM = new CopyOnWriteArrayList<>();
    /** Tenants for which policy-service is away. */
    static final Set<String> POLICY_AWAY = ConcurrentHashMap.newKeySet();
    /** Tenants for which policy-service loses settlements. */
    static final Set<String> SETTLEMENT_AWAY = ConcurrentHashMap.newKeySet();
    /** Tenants whose settlements take two seconds. */
    static final Set<String> SETTLEMENT_SLOW = ConcurrentHashMap.newKeySet();
    /** Tenants for which agent-service is away. */
    static final Set<String> AGENT_AWAY = ConcurrentHashMap.newKeySet();
    /** Tenants whose model fails. */
    static final Set<String> MODEL_AWAY = ConcurrentHashMap.newKeySet();
    /** Tenants whose model's provider does not take what it is asked. */
    static final Set<String> MODEL_REFUSES = ConcurrentHashMap.newKeySet();
    /** What agents say to tenants for which they do not run, by tenant: members of a problem with status 403. */
    static final Map<String, Map<String, Object>> AGENT_REFUSES = new ConcurrentHashMap<>();
    /** Streams of the agent "held" wait for this between their two pieces, and the agent "patient" before it answers. */
    static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
    /** Chats that Telegram answers with 429 the first time. */
    static final Set<String> BUSY_CHATS = ConcurrentHashMap.newKeySet();
    /** How many seconds a busy chat is told to wait; one unless it is here. */
    static final Map<String, Integer> RETRY_AFTER = new ConcurrentHashMap<>();

    private static final List<String> AGENTS = List.of(
            "concierge",
            "premium",
            "broke",
            "broken",
            "cut",
            "held",
            "slow",
            "talkative",
            "patient",
            "helpless",
            "own-key");
    private static final HttpServer SERVER = serve();

    private Fakes() {}

    record Call(String method, JsonNode body, Instant at) {}

    static String url() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort();
    }

    static List<Call> sentTo(String chat) {
        return TELEGRAM.stream()
                .filter(call -> call.method().equals("sendMessage"))
                .filter(call -> call.body().path("chat_id").asText().equals(chat))
                .toList();
    }

    static long providerCalls(String operation) {
        return PROVIDER_CALLS.stream().filter(operation::equals).count();
    }

    static ObjectNode result(String text) {
        ObjectNode result = JSON.createObjectNode()
                .put("run_id", "01980000-0000-7000-8000-000000000001")
                .put("text", text)
                .put("prompt_version", 7)
                .put("prompt_version_id", PROMPT_VERSION)
                .put("finish_reason", "stop")
                .put("provider", "test")
                .put("model", "test-1");
        result.putObject("usage")
                .put("input_tokens", 11)
                .put("output_tokens", 5)
                .put("estimated", false);
        return result;
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 256);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/internal/decisions", exchange -> guarded(exchange, Fakes::decide));
            server.createContext("/internal/holds/", exchange -> guarded(exchange, Fakes::endHold));
            server.createContext("/internal/runs", exchange -> guarded(exchange, Fakes::run));
            server.createContext("/internal/agents", exchange -> guarded(exchange, Fakes::agents));
            server.createContext("/internal/operations/", exchange -> guarded(exchange, Fakes::steps));
            server.createContext("/file/", exchange -> guarded(exchange, Fakes::file));
            server.createContext("/bot", exchange -> guarded(exchange, Fakes::telegram));
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Handler {
        void handle(HttpExchange exchange, JsonNode body, String tenant) throws Exception;
    }

    private static void guarded(HttpExchange exchange, Handler handler) {
        try (exchange) {
            byte[] bytes = exchange.getRequestBody().readAllBytes();
            RandomPauses.pause();
            handler.handle(
                    exchange, bytes.length == 0 ? JSON.createObjectNode() : JSON.readTree(bytes), tenant(exchange));
        } catch (Exception failure) {
            System.err.println("fake: " + failure);
        }
    }

    private static String tenant(HttpExchange exchange) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        if (header == null) {
            return "";
        }
        byte[] claims = Base64.getUrlDecoder().decode(header.split("\\.")[1]);
        return JSON.readTree(claims).path("tenant_id").asText();
    }

    private static void decide(HttpExchange exchange, JsonNode body, String tenant) throws IOException {
        if (POLICY_AWAY.contains(tenant)) {
            answer(exchange, 503, problem(503, "UNAVAILABLE"));
            return;
        }
        if (exchange.getRequestURI().getPath().endsWith("/agents")) {
            ObjectNode answer = JSON.createObjectNode();
            var items = answer.putArray("items");
            body.path("agents").forEach(agent -> items.addObject()
                    .put("agent", agent.asText())
                    .put("allow", !agent.asText().equals("premium")));
            answer(exchange, 200, answer);
            return;
        }
        DECISIONS.add(body);
        String agent = body.path("agent").asText();
        boolean hold = body.path("hold").asBoolean();
        if (body.path("contact").path("opted_out").asBoolean()) {
            answer(exchange, 200, denial(403, "CONTACT_OPTED_OUT"));
        } else if (agent.equals("premium")) {
            answer(exchange, 200, denial(403, "AGENT_NOT_IN_PLAN"));
        } else if (agent.equals("broke") && hold) {
            answer(exchange, 200, denial(402, "CREDITS_EXHAUSTED"));
        } else {
            if (hold) {
                HOLDS.putIfAbsent(body.path("operation_id").asText(), "HELD");
            }
            ObjectNode decision = JSON.createObjectNode()
                    .put("decision_id", "01980000-0000-7000-8000-00000000000d")
                    .put("allow", true)
                    .put("status", 200)
                    .put("reason_code", "ALLOWED")
                    .put("rule_id", "credits")
                    .put("policy_version", 3);
            decision.putObject("limits").put("max_input_tokens", 8000).put("max_output_tokens", 500);
            if (hold) {
                decision.putObject("hold")
                        .put("id", holdId(body.path("operation_id").asText()))
                        .put("credits", 7)
                        .put("expires_at", "2026-12-01T00:00:00Z");
            }
            answer(exchange, 200, decision);
        }
    }

    private static String holdId(String operation) {
        return "opaque." + operation;
    }

    private static ObjectNode denial(int status, String reason) {
        return JSON.createObjectNode()
                .put("decision_id", "01980000-0000-7000-8000-00000000000d")
                .put("allow", false)
                .put("status", status)
                .put("reason_code", reason)
                .put("rule_id", "rule-1")
                .put("limit", 1000)
                .put("used", 990)
                .put("held", 10)
                .put("remaining", 0)
                .put("resets_at", "2026-12-01T00:00:00Z")
                .put("remedy", "Choose a larger plan.");
    }

    /** Has Telegram want nothing for a chat at the next call, and that many seconds after it. */
    static void busy(String chat, int seconds) {
        RETRY_AFTER.put(chat, seconds);
        BUSY_CHATS.add(chat);
    }

    /** Waits until an operation is charged, which it may be after its answer is stored, and demands that it was once. */
    static void awaitCharged(String operation) {
        Channel.await(() -> DEBITS.containsKey(operation));
        assertThat(DEBITS.get(operation)).isEqualTo(1);
        assertThat(HOLDS.get(operation)).isEqualTo("SETTLED");
    }

    /** How many messages each of a tenant's operations was charged for that was charged at all. */
    static List<Integer> messagesCharged(TenantId tenant) {
        return Channel.operations(tenant).stream()
                .filter(SETTLEMENTS::containsKey)
                .map(operation -> SETTLEMENTS.get(operation).path("message").asInt())
                .toList();
    }

    private static void endHold(HttpExchange exchange, JsonNode body, String tenant) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/");
        String operation = path[3];
        if (path[4].equals("release")) {
            ObjectNode released = JSON.createObjectNode();
            synchronized (HOLDS) {
                HOLDS.replace(operation, "HELD", "RELEASED");
                released.set("charged", SETTLEMENTS.getOrDefault(operation, JSON.createObjectNode()));
            }
            answer(exchange, 200, released);
            return;
        }
        if (SETTLEMENT_SLOW.contains(tenant)) {
            Channel.pause(Duration.ofSeconds(2));
        }
        if (SETTLEMENT_AWAY.contains(tenant)) {
            answer(exchange, 503, problem(503, "UNAVAILABLE"));
            return;
        }
        if (!body.path("hold").asText().equals(holdId(operation))) {
            answer(exchange, 422, problem(422, "VALIDATION_FAILED"));
            return;
        }
        synchronized (HOLDS) {
            if (HOLDS.replace(operation, "HELD", "SETTLED") || HOLDS.replace(operation, "RELEASED", "SETTLED")) {
                SETTLEMENTS.put(operation, body.path("quantities"));
                DEBITS.merge(operation, 1, Integer::sum);
            }
        }
        ObjectNode settled = JSON.createObjectNode().put("credits", 3).put("remaining", 997);
        ArrayNode lines = settled.putArray("lines");
        SETTLEMENTS
                .getOrDefault(operation, JSON.createObjectNode())
                .properties()
                .forEach(line -> lines.addObject()
                        .put("meter", line.getKey())
                        .put("quantity", line.getValue().asLong()));
        answer(exchange, 200, settled);
    }

    private static void agents(HttpExchange exchange, JsonNode body, String tenant) throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        var items = answer.putArray("items");
        for (int i = 0; i < AGENTS.size(); i++) {
            items.addObject()
                    .put("id", "019aa000-0000-7000-8000-%012d".formatted(i))
                    .put("slug", AGENTS.get(i))
                    .put("name", AGENTS.get(i))
                    .put("ready", true);
        }
        answer(exchange, 200, answer);
    }

    private static void run(HttpExchange exchange, JsonNode body, String tenant) throws Exception {
        if (AGENT_AWAY.contains(tenant)) {
            answer(exchange, 503, problem(503, "UNAVAILABLE"));
            return;
        }
        if (exchange.getRequestMethod().equals("GET")) {
            RUN_LOOKUPS.add(tenant);
            String path = exchange.getRequestURI().getPath();
            answer(exchange, 200, RUNS.get(path.substring(path.lastIndexOf('/') + 1)));
            return;
        }
        RUN_REQUESTS.add(body);
        String operation = body.path("operation_id").asText();
        String agent = body.path("agent").asText();
        if (!body.path("hold").asText().equals(holdId(operation))) {
            answer(exchange, 422, problem(422, "VALIDATION_FAILED"));
            return;
        }
        boolean stream = "text/event-stream".equals(exchange.getRequestHeaders().getFirst("Accept"));
        ObjectNode known = RUNS.get(operation);
        if (known == null && AGENT_REFUSES.containsKey(tenant)) {
            refuse(exchange, stream, AGENT_REFUSES.get(tenant));
            return;
        }
        if (known == null) {
            PROVIDER_CALLS.add(operation);
        }
        if (MODEL_AWAY.contains(tenant)) {
            exchange.getResponseHeaders().add("Retry-After", "2");
            answer(exchange, 502, problem(502, "PROVIDER_FAILED"));
            return;
        }
        if (MODEL_REFUSES.contains(tenant)) {
            answer(exchange, 502, problem(502, "PROVIDER_REJECTED"));
            return;
        }
        if (agent.equals("broken") || (agent.equals("cut") && !stream)) {
            answer(exchange, 502, problem(502, "PROVIDER_FAILED"));
            return;
        }
        if (agent.equals("slow")) {
            TimeUnit.MILLISECONDS.sleep(400);
        }
        if (agent.equals("patient")) {
            GATES.computeIfAbsent(tenant, ignored -> new CountDownLatch(1)).await(60, TimeUnit.SECONDS);
        }
        ObjectNode result = known != null ? known : result(reply(agent, body));
        if (agent.equals("helpless")) {
            result.putObject("handoff").put("reason", "a refund").put("summary", "Ana wants her money back");
        }
        result.put("key_owner", agent.equals("own-key") ? "tenant" : "platform");
        if (!body.at("/parameters/tools").isMissingNode()) {
            result.put("text", "").put("finish_reason", "tool_calls");
            result.putArray("tool_calls")
                    .addObject()
                    .put("id", "call_1")
                    .put("name", "weather")
                    .put("arguments", "{}");
        }
        if (!stream) {
            RUNS.put(operation, result);
            answer(exchange, 200, result);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        String text = result.path("text").asText();
        int half = text.length() / 2;
        event(out, "delta", JSON.createObjectNode().put("text", text.substring(0, half)));
        if (agent.equals("cut")) {
            event(out, "problem", problem(502, "PROVIDER_FAILED"));
            return;
        }
        if (agent.equals("held")) {
            GATES.computeIfAbsent(tenant, ignored -> new CountDownLatch(1)).await(60, TimeUnit.SECONDS);
        }
        event(out, "delta", JSON.createObjectNode().put("text", text.substring(half)));
        RUNS.put(operation, result);
        event(out, "result", result);
    }

    private static void refuse(HttpExchange exchange, boolean stream, Map<String, Object> members) throws IOException {
        ObjectNode refusal = problem(403, (String) members.get("code"));
        members.forEach((name, value) -> refusal.set(name, JSON.valueToTree(value)));
        if (!stream) {
            answer(exchange, 403, refusal);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        event(exchange.getResponseBody(), "problem", refusal);
    }

    private static String reply(String agent, JsonNode body) {
        JsonNode last = body.path("messages").get(body.path("messages").size() - 1);
        String said = last.path("content").isTextual()
                ? last.path("content").asText()
                : last.path("content").path(0).path("text").asText();
        return agent.equals("talkative") ? "word ".repeat(1700).strip() : "You said: " + said;
    }

    private static void event(OutputStream out, String name, JsonNode data) throws IOException {
        out.write(("event: " + name + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void steps(HttpExchange exchange, JsonNode body, String tenant) throws IOException {
        String operation = exchange.getRequestURI().getPath().split("/")[3];
        if (!HOLDS.containsKey(operation)) {
            answer(exchange, 404, problem(404, "NOT_FOUND"));
            return;
        }
        ObjectNode answer = JSON.createObjectNode();
        answer.putArray("steps")
                .addObject()
                .put("at", "2026-01-01T00:00:00Z")
                .put("service", "fake")
                .put("step", "noticed");
        answer(exchange, 200, answer);
    }

    private static void telegram(HttpExchange exchange, JsonNode body, String tenant) throws Exception {
        String[] path = exchange.getRequestURI().getPath().split("/");
        TELEGRAM.add(new Call(path[2], body, Instant.now()));
        String token = path[1].substring("bot".length());
        if (!token.equals(BOT_TOKEN)) {
            answer(exchange, 401, refusal(401, "Unauthorized"));
            return;
        }
        String chat = body.path("chat_id").asText();
        if (chat.startsWith("66")) {
            answer(exchange, 403, refusal(403, "Forbidden: bot was blocked by the user"));
            return;
        }
        if (chat.startsWith("99")) {
            TimeUnit.SECONDS.sleep(8);
            return;
        }
        if (BUSY_CHATS.remove(chat)) {
            ObjectNode busy = refusal(429, "Too Many Requests: retry after 1");
            busy.putObject("parameters").put("retry_after", RETRY_AFTER.getOrDefault(chat, 1));
            answer(exchange, 429, busy);
            return;
        }
        ObjectNode answer = JSON.createObjectNode().put("ok", true);
        if (path[2].equals("getMe")) {
            answer.putObject("result").put("id", 12345).put("is_bot", true).put("username", "parley_test_bot");
            CountDownLatch gate = IDENTIFICATION.getAndSet(null);
            if (gate != null) {
                gate.await(5, TimeUnit.SECONDS);
            }
        } else if (path[2].equals("setWebhook")) {
            TELEGRAM_WEBHOOK.set(body);
            answer.put("result", true);
        } else if (path[2].equals("getWebhookInfo")) {
            answer.set("result", TELEGRAM_WEBHOOK.get());
        } else if (path[2].equals("getFile")) {
            answer.putObject("result")
                    .put("file_id", body.path("file_id").asText())
                    .put("file_size", PICTURE.length)
                    .put(
                            "file_path",
                            FILES.containsKey(body.path("file_id").asText())
                                    ? "documents/" + body.path("file_id").asText()
                                    : "photos/file_1.png");
        } else if (path[2].equals("sendMessage")) {
            answer.putObject("result").put("message_id", TELEGRAM.size());
        } else {
            answer.put("result", true);
        }
        answer(exchange, 200, answer);
    }

    private static void file(HttpExchange exchange, JsonNode body, String tenant) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] file = FILES.getOrDefault(path.substring(path.lastIndexOf('/') + 1), PICTURE);
        exchange.sendResponseHeaders(200, file.length);
        exchange.getResponseBody().write(file);
    }

    private static ObjectNode refusal(int code, String description) {
        return JSON.createObjectNode().put("ok", false).put("error_code", code).put("description", description);
    }

    private static ObjectNode problem(int status, String code) {
        return JSON.createObjectNode()
                .put(
                        "type",
                        "https://parley.dev/problems/"
                                + code.toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .put("title", code)
                .put("status", status)
                .put("code", code);
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders()
                .add("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
