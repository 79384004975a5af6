package dev.parley.local.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.local.ParleyStack;
import dev.parley.local.Part;
import dev.parley.local.StackOptions;
import dev.parley.local.bench.Load.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A chat message end to end through the gateway, with a model that answers at once, beside that model alone, in turns
 * in one run. Processor time is that of every process of the stack, PostgreSQL, Kafka and Keycloak included.
 */
public final class ChatBench {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ROUNDS = Integer.getInteger("rounds", 5);
    private static final int SECONDS = Integer.getInteger("seconds", 6);
    private static final int WARM_SECONDS = Integer.getInteger("warm", 20);
    private static final int CONNECTIONS = Integer.getInteger("connections", 16);
    private static final int RATE = Integer.getInteger("rate", 20);
    private static final int OFFSET = Integer.getInteger("offset", 30_000);
    private static final int TENANTS = 8;

    private final ParleyStack stack;
    private final HttpClient http = HttpClient.newHttpClient();

    private ChatBench(ParleyStack stack) {
        this.stack = stack;
    }

    /** Starts a stack of its own, loads it and prints the table. */
    public static void main(String[] arguments) throws Exception {
        StackOptions options = StackOptions.of(Path.of("deploy/local/target/bench"), OFFSET)
                .withTraining(true)
                .withEnvironment(Map.of(
                        "PARLEY_RATE_LIMIT_TENANT_RATE",
                        "100000",
                        "PARLEY_RATE_LIMIT_TENANT_BURST",
                        "100000",
                        "PARLEY_RATE_LIMIT_CALLER_RATE",
                        "100000",
                        "PARLEY_RATE_LIMIT_CALLER_BURST",
                        "100000",
                        "PARLEY_RATE_LIMIT_ADDRESS_RATE",
                        "100000",
                        "PARLEY_RATE_LIMIT_ADDRESS_BURST",
                        "100000"))
                .withOutput(System.err::println);
        try (ParleyStack stack = ParleyStack.start(options)) {
            new ChatBench(stack).run();
        }
    }

    private void run() throws IOException, InterruptedException {
        send("PUT", stack.simulatorsUrl() + "/_control/log", null, Map.of("mode", "counters"));
        Load chat = new Load(new Lanes(stack.ports().of(Part.GATEWAY), conversations()));
        Load model = new Load(new Lanes(stack.ports().of(Part.SIMULATORS), List.of(modelRequest())));
        System.err.println("warming up for " + 2 * WARM_SECONDS + " s ...");
        chat.closed(CONNECTIONS, WARM_SECONDS);
        model.closed(CONNECTIONS, WARM_SECONDS / 4 + 1);
        chat.open(RATE, WARM_SECONDS / 4 + 1);

        List<Round> fast = new ArrayList<>();
        List<Round> alone = new ArrayList<>();
        List<Round> steady = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            fast.add(measured(() -> chat.closed(CONNECTIONS, SECONDS)));
            alone.add(measured(() -> model.closed(CONNECTIONS, SECONDS / 2 + 1)));
            steady.add(measured(() -> chat.open(RATE, SECONDS)));
        }
        print(fast, alone, steady);
    }

    private Round measured(Measure load) throws InterruptedException {
        ProcessorTime before = ProcessorTime.of(stack);
        Result result = load.run();
        return new Round(result, ProcessorTime.of(stack).since(before));
    }

    private static void print(List<Round> fast, List<Round> alone, List<Round> steady) {
        System.out.printf(
                "%n%-34s %9s %12s %8s %8s %8s %7s%n",
                "", "req/s", "CPU ms/req", "p50 ms", "p95 ms", "p99 ms", "errors");
        row("chat, " + CONNECTIONS + " connections", fast);
        row("model alone, " + CONNECTIONS + " connections", alone);
        row("chat at " + RATE + "/s", steady);
        System.out.printf(
                "%nCPU ms per message by part, %d connections (median of %d rounds)%n", CONNECTIONS, fast.size());
        Map<Part, List<Double>> parts = new EnumMap<>(Part.class);
        fast.forEach(round -> round.cpu().seconds().forEach((part, seconds) -> parts.computeIfAbsent(
                        part, ignored -> new ArrayList<>())
                .add(1000 * seconds / round.result().answered())));
        parts.forEach((part, values) -> System.out.printf("  %-18s %6.3f%n", part.label(), median(values)));
        System.out.println(
                "goals: 2.5 ms CPU per message or less, 300 messages/s or more, p50 12 ms and p95 40 ms or less at 20/s");
    }

    private static void row(String name, List<Round> rounds) {
        System.out.printf(
                "%-34s %9.0f %12.3f %8.2f %8.2f %8.2f %7d   (rate %.0f to %.0f)%n",
                name,
                median(rounds.stream().map(round -> round.result().perSecond()).toList()),
                median(rounds.stream()
                        .map(round ->
                                1000 * round.cpu().total() / round.result().answered())
                        .toList()),
                median(rounds.stream().map(round -> round.result().millis(0.50)).toList()),
                median(rounds.stream().map(round -> round.result().millis(0.95)).toList()),
                median(rounds.stream().map(round -> round.result().millis(0.99)).toList()),
                rounds.stream().mapToInt(round -> round.result().errors()).sum(),
                rounds.stream()
                        .mapToDouble(round -> round.result().perSecond())
                        .min()
                        .orElse(0),
                rounds.stream()
                        .mapToDouble(round -> round.result().perSecond())
                        .max()
                        .orElse(0));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        return sorted.get(sorted.size() / 2);
    }

    private List<byte[]> conversations() throws IOException, InterruptedException {
        String gateway = stack.gatewayUrl();
        String admin = send(
                        "POST",
                        gateway + "/api/v1/auth/login",
                        null,
                        Map.of("email", "admin@parley.local", "password", "parley-platform-admin"))
                .path("access_token")
                .asText();
        String plan = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        send("POST", gateway + "/api/v1/admin/plans", admin, plan(plan));
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            String token = send(
                            "POST",
                            gateway + "/api/v1/auth/signup",
                            null,
                            Map.of(
                                    "email",
                                    "bench-" + UUID.randomUUID() + "@example.com",
                                    "password",
                                    "correct-horse-battery-1",
                                    "name",
                                    "Bench",
                                    "organization",
                                    "Bench " + i))
                    .path("access_token")
                    .asText();
            send(
                    "POST",
                    gateway + "/api/v1/checkout",
                    token,
                    Map.of(
                            "plan",
                            plan,
                            "provider",
                            "stripe",
                            "success_url",
                            stack.publicUrl() + "/console/",
                            "cancel_url",
                            stack.publicUrl() + "/console/"));
            for (int lane = 0; lane < Math.max(1, CONNECTIONS / TENANTS); lane++) {
                String conversation = send(
                                "POST", gateway + "/api/v1/conversations", token, Map.of("agent", "concierge"))
                        .path("id")
                        .asText();
                requests.add(request(
                        "/api/v1/conversations/" + conversation + "/messages",
                        token,
                        "{\"text\":\"When are you open on Saturday, and do you deliver to Pune?\"}"));
            }
        }
        return requests;
    }

    private static Map<String, Object> plan(String code) {
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
        plan.put("channels", List.of("web", "api"));
        plan.put("quotas", Map.of());
        plan.put("overage", Map.of("mode", "block"));
        plan.put("trial_days", 0);
        return plan;
    }

    private static byte[] modelRequest() {
        return request(
                "/llm/v1/chat/completions",
                "sk-bench",
                "{\"model\":\"parley-demo\",\"messages\":[{\"role\":\"user\",\"content\":\"When are you open on Saturday?\"}]}");
    }

    private static byte[] request(String path, String token, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode send(String method, String url, String token, Object body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        var answer = http.send(request.build(), BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(method + " " + url + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body());
    }

    private interface Measure {
        Result run() throws InterruptedException;
    }

    private record Round(Result result, ProcessorTime cpu) {}

    private record Lanes(int port, List<byte[]> requests) implements Load.Target {
        @Override
        public byte[] request(int lane) {
            return requests.get(lane % requests.size());
        }
    }
}
