package dev.parley.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.channel.adapter.fcm.KeyFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands in for Firebase and for Google's tokens: an assertion must be signed by {@link #PAIR}. */
final class FakeFcm {
    static final KeyPair PAIR = KeyFiles.pair(2048);
    /** Answers that the next messages to a device get instead: status, Google's and Firebase's code. */
    static final Map<String, Deque<Refusal>> REFUSALS = new ConcurrentHashMap<>();
    /** What answers to devices wait for. */
    static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
    /** Projects that give no access. */
    static final Set<String> CLOSED = ConcurrentHashMap.newKeySet();

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<JsonNode> SENT = new CopyOnWriteArrayList<>();
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpServer SERVER = serve();

    private FakeFcm() {}

    /** A refusal; the status 0 loses the answer. */
    record Refusal(int status, String google, String code, String retryAfter) {
        Refusal(int status, String google, String code) {
            this(status, google, code, null);
        }
    }

    static String url() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort();
    }

    /** What devices of that token were told, or would have been. */
    static List<JsonNode> sentTo(String token) {
        return SENT.stream()
                .map(sent -> sent.path("message"))
                .filter(message -> message.path("token").asText().equals(token))
                .toList();
    }

    static void refuse(String token, Refusal refusal) {
        REFUSALS.computeIfAbsent(token, any -> new ConcurrentLinkedDeque<>()).add(refusal);
    }

    /** How many access tokens a project has. */
    static long tokensOf(String project) {
        return TOKENS.values().stream().filter(project::equals).count();
    }

    /** Ends the access tokens of a project before their time. */
    static void endTokens(String project) {
        TOKENS.values().removeIf(project::equals);
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 256);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/token", FakeFcm::token);
            server.createContext("/v1/projects/", FakeFcm::send);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void token(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String assertion = URLDecoder.decode(body.replaceAll(".*assertion=", ""), StandardCharsets.UTF_8);
            String[] parts = assertion.split("\\.");
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            String project = claims.path("iss").asText().split("[@.]")[1];
            if (!claims.path("aud").asText().equals(url() + "/token") || CLOSED.contains(project) || !signed(parts)) {
                answer(
                        exchange,
                        400,
                        JSON.createObjectNode()
                                .put("error", "invalid_grant")
                                .put("error_description", "Invalid JWT Signature."));
                return;
            }
            String token = "ya29." + COUNT.incrementAndGet();
            TOKENS.put(token, project);
            answer(
                    exchange,
                    200,
                    JSON.createObjectNode().put("access_token", token).put("expires_in", 3599));
        }
    }

    private static boolean signed(String[] parts) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(PAIR.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
        } catch (GeneralSecurityException broken) {
            return false;
        }
    }

    private static void send(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String project = exchange.getRequestURI().getPath().split("/")[3];
            String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .replace("Bearer ", "");
            if (!project.equals(TOKENS.get(token))) {
                answer(exchange, 401, error(new Refusal(401, "UNAUTHENTICATED", null)));
                return;
            }
            String device = request.path("message").path("token").asText();
            if (!request.path("validate_only").asBoolean()) {
                SENT.add(request);
            }
            hold(GATES.get(device));
            Deque<Refusal> refusals = REFUSALS.getOrDefault(device, new ConcurrentLinkedDeque<>());
            Refusal refusal = refusals.poll();
            if (refusal == null) {
                answer(exchange, 200, JSON.createObjectNode().put("name", "projects/" + project + "/messages/1"));
            } else if (refusal.status() == 0) {
                lose();
            } else {
                if (refusal.retryAfter() != null) {
                    exchange.getResponseHeaders().add("Retry-After", refusal.retryAfter());
                }
                answer(exchange, refusal.status(), error(refusal));
            }
        }
    }

    private static void hold(CountDownLatch gate) {
        try {
            if (gate != null) {
                gate.await();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void lose() {
        try {
            TimeUnit.SECONDS.sleep(4);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode error(Refusal refusal) {
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode error = answer.putObject("error").put("message", "Words").put("status", refusal.google());
        if (refusal.code() != null) {
            error.putArray("details")
                    .addObject()
                    .put("@type", "type.googleapis.com/google.firebase.fcm.v1.FcmError")
                    .put("errorCode", refusal.code());
        }
        return answer;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
