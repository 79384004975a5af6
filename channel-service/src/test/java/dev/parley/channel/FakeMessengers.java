package dev.parley.channel;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Stands in for Meta's Graph API and for Twilio; remembers what it was told. */
final class FakeMessengers {
    static final String APP_SECRET = "app-secret";
    static final String AUTH_TOKEN = "0123456789abcdef0123456789abcdef";
    /** With the status 0: the message is taken, and the answer is lost. */
    static final int TAKEN = 1;

    static final ObjectMapper JSON = new ObjectMapper();

    /** What was sent, latest last, by the recipient's number. */
    private static final List<Sent> SENT = new CopyOnWriteArrayList<>();
    /** The address to which Twilio delivers, by number. */
    static final Map<String, String> SMS_URLS = new ConcurrentHashMap<>();
    /** What Twilio tells of a number beside that. */
    static final Map<String, Map<String, String>> SMS_SETTINGS = new ConcurrentHashMap<>();
    /** The address of its own that a WhatsApp number has. */
    static final Map<String, String> CALLBACKS = new ConcurrentHashMap<>();
    /** What Twilio lists of messages to a number, newest first. */
    static final Map<String, List<ObjectNode>> LISTED = new ConcurrentHashMap<>();
    /** Answers that the next messages to a number get instead: status and error code. */
    static final Map<String, int[]> REFUSALS = new ConcurrentHashMap<>();

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final HttpServer SERVER = serve();

    private FakeMessengers() {}

    /** A message as the vendor got it; the form of Twilio as an object. */
    record Sent(String to, JsonNode body) {}

    static String url() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort();
    }

    static List<JsonNode> sentTo(String number) {
        return SENT.stream()
                .filter(sent -> sent.to().equals(number))
                .map(Sent::body)
                .toList();
    }

    private static HttpServer serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 256);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/v24.0/", FakeMessengers::graph);
            server.createContext("/2010-04-01/", FakeMessengers::twilio);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void graph(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().split("/");
            String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                    .replace("Bearer ", "");
            if (!proof(token)
                    .equals(form(exchange.getRequestURI().getRawQuery())
                            .path("appsecret_proof")
                            .asText())) {
                answer(exchange, 400, graphError(100));
                return;
            }
            if (!"token".equals(token)) {
                answer(exchange, 401, graphError(190));
                return;
            }
            if (path.length == 3 && exchange.getRequestMethod().equals("POST")) {
                CALLBACKS.put(
                        path[2],
                        JSON.readTree(body)
                                .path("webhook_configuration")
                                .path("override_callback_uri")
                                .asText());
                answer(exchange, 200, JSON.createObjectNode().put("success", true));
                return;
            }
            if (path.length == 3) {
                answer(
                        exchange,
                        200,
                        JSON.createObjectNode()
                                .put("id", path[2])
                                .put("display_phone_number", "+1 555-0100")
                                .put("verified_name", "Shop")
                                .put("status", "CONNECTED")
                                .set(
                                        "webhook_configuration",
                                        JSON.createObjectNode()
                                                .put("phone_number", CALLBACKS.getOrDefault(path[2], ""))));
                return;
            }
            JsonNode message = JSON.readTree(body);
            String to = message.path("to").asText();
            SENT.add(new Sent(to, message));
            int[] refusal = REFUSALS.remove(to);
            if (refusal != null) {
                answer(exchange, refusal[0], graphError(refusal[1]));
                return;
            }
            ObjectNode sent = JSON.createObjectNode().put("messaging_product", "whatsapp");
            sent.putArray("messages").addObject().put("id", "wamid.sent" + COUNT.incrementAndGet());
            answer(exchange, 200, sent);
        }
    }

    /** As Meta says: who calls knows the app's secret. */
    private static String proof(String token) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(APP_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(token.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static ObjectNode graphError(int code) {
        ObjectNode answer = JSON.createObjectNode();
        answer.putObject("error").put("message", "Words").put("code", code);
        return answer;
    }

    private static void twilio(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            ObjectNode query = form(exchange.getRequestURI().getRawQuery());
            String path = exchange.getRequestURI().getPath();
            if (!authorized(exchange)) {
                answer(exchange, 401, JSON.createObjectNode().put("code", 20003).put("message", "Authenticate"));
            } else if (path.endsWith("/IncomingPhoneNumbers.json")) {
                answer(exchange, 200, numbers(query.path("PhoneNumber").asText()));
            } else if (path.contains("/IncomingPhoneNumbers/")) {
                String number = path.substring(path.indexOf("/PN") + 3).replace(".json", "");
                SMS_URLS.put("+" + number, form.path("SmsUrl").asText());
                SMS_SETTINGS.put("+" + number, JSON.convertValue(form, new TypeReference<>() {}));
                answer(exchange, 200, JSON.createObjectNode());
            } else if (path.endsWith("/Messages.json")
                    && exchange.getRequestMethod().equals("GET")) {
                ObjectNode page = JSON.createObjectNode();
                page.putArray("messages")
                        .addAll(LISTED.getOrDefault(query.path("To").asText(), List.of()));
                answer(exchange, 200, page);
            } else if (path.endsWith("/Messages.json")
                    && exchange.getRequestMethod().equals("POST")) {
                send(exchange, form);
            } else {
                answer(exchange, 200, JSON.createObjectNode().put("status", "active"));
            }
        }
    }

    private static boolean authorized(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null
                && new String(java.util.Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8)
                        .endsWith(":" + AUTH_TOKEN);
    }

    private static ObjectNode numbers(String number) {
        ObjectNode answer = JSON.createObjectNode();
        var numbers = answer.putArray("incoming_phone_numbers");
        if (number.startsWith("+1555")) {
            numbers.addObject()
                    .put("sid", "PN" + number.substring(1))
                    .put("phone_number", number)
                    .put("sms_url", SMS_URLS.getOrDefault(number, ""))
                    .putObject("capabilities")
                    .put("sms", true);
        }
        return answer;
    }

    private static void send(HttpExchange exchange, ObjectNode form) throws IOException {
        String to = form.path("To").asText();
        SENT.add(new Sent(to, form));
        int[] refusal = REFUSALS.remove(to);
        if (refusal != null && refusal[0] == 0) {
            if (refusal[1] == TAKEN) {
                LISTED.put(
                        to,
                        List.of(JSON.createObjectNode()
                                .put("sid", "SMtaken" + to.substring(1))
                                .put("direction", "outbound-api")
                                .put("from", form.path("From").asText())
                                .put("body", form.path("Body").asText())
                                .put("status", "queued")
                                .put(
                                        "date_created",
                                        DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                                OffsetDateTime.now(ZoneOffset.UTC)))));
            }
            try {
                TimeUnit.SECONDS.sleep(4);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        if (refusal != null) {
            answer(
                    exchange,
                    refusal[0],
                    JSON.createObjectNode().put("code", refusal[1]).put("message", "Words"));
            return;
        }
        answer(
                exchange,
                201,
                JSON.createObjectNode()
                        .put("sid", "SM" + COUNT.incrementAndGet())
                        .put("status", "queued"));
    }

    private static ObjectNode form(String text) {
        ObjectNode form = JSON.createObjectNode();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length == 2) {
                form.put(
                        URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                        URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
        }
        return form;
    }

    private static void answer(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(body);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
