package dev.parley.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.stripe.net.Webhook;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The few objects of Stripe that billing asks for, whose state a test sets directly. The wire format itself is proven
 * against the simulator, which Stripe's official clients judge.
 */
public final class StripeStub {
    public static final String WEBHOOK_SECRET = "whsec_billing_it";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StripeStub SHARED = new StripeStub();

    private final HttpServer server;
    private final AtomicLong ids = new AtomicLong(System.nanoTime());
    private final Map<String, ObjectNode> objects = new ConcurrentHashMap<>();
    private final Map<String, String> sessionByKey = new ConcurrentHashMap<>();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessionCalls = new AtomicInteger();
    private final AtomicInteger answersToLose = new AtomicInteger();

    private StripeStub() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/checkout/sessions", this::sessions);
        server.createContext("/v1/subscriptions", this::subscriptions);
        server.createContext("/v1/invoices", exchange -> get(exchange, last(exchange)));
        server.start();
    }

    public static StripeStub shared() {
        return SHARED;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** How many sessions exist, and how many calls asked for one. */
    public int sessionsMade() {
        return sessionByKey.size();
    }

    public int sessionCalls() {
        return sessionCalls.get();
    }

    public List<String> cancelled() {
        return cancelled;
    }

    /** The next answers to "create a session" are cut after the session was made. */
    public void loseAnswers(int count) {
        answersToLose.set(count);
    }

    private void sessions(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            get(exchange, last(exchange));
            return;
        }
        sessionCalls.incrementAndGet();
        Map<String, String> form = form(exchange);
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String id = sessionByKey.computeIfAbsent(key, first -> {
            ObjectNode session = object("cs_test_" + ids.incrementAndGet(), "checkout.session");
            session.put("status", "open").put("mode", form.get("mode"));
            session.put("url", "https://checkout.example/" + session.get("id").asText());
            session.put("client_reference_id", form.get("client_reference_id"));
            session.put("amount_total", Long.parseLong(form.get("line_items[0][price_data][unit_amount]")));
            session.put("currency", form.get("line_items[0][price_data][currency]"));
            ObjectNode metadata = session.putObject("metadata");
            form.forEach((name, value) -> {
                if (name.startsWith("metadata[")) {
                    metadata.put(name.substring(9, name.length() - 1), value);
                }
            });
            objects.put(session.get("id").asText(), session);
            return session.get("id").asText();
        });
        if (answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            exchange.close();
            return;
        }
        answer(exchange, 200, objects.get(id));
    }

    private void subscriptions(HttpExchange exchange) throws IOException {
        String id = last(exchange);
        ObjectNode subscription = objects.get(id);
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                String end = form(exchange).get("cancel_at_period_end");
                subscription.put("cancel_at_period_end", Boolean.parseBoolean(end));
            }
            case "DELETE" -> {
                cancelled.add(id);
                if (subscription != null) {
                    subscription.put("status", "canceled");
                }
            }
            default -> {}
        }
        get(exchange, id);
    }

    private void get(HttpExchange exchange, String id) throws IOException {
        ObjectNode found = objects.get(id);
        if (found == null) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "invalid_request_error").put("code", "resource_missing");
            answer(exchange, 404, error);
            return;
        }
        ObjectNode shown = found.deepCopy();
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null && query.contains("latest_invoice") && shown.hasNonNull("latest_invoice")) {
            shown.set("latest_invoice", objects.get(shown.get("latest_invoice").asText()));
        }
        answer(exchange, 200, shown);
    }

    /** The customer pays: a subscription for that period with a paid invoice. Returns the subscription's id. */
    public String pay(String sessionId, Instant from, Instant to) {
        ObjectNode session = objects.get(sessionId);
        String id = "sub_" + ids.incrementAndGet();
        ObjectNode subscription = object(id, "subscription");
        subscription.put("status", "active").put("customer", "cus_" + id).put("cancel_at_period_end", false);
        subscription.put("created", from.getEpochSecond());
        subscription.set("metadata", session.get("metadata"));
        objects.put(id, subscription);
        period(id, from, to);
        session.put("status", "complete").put("payment_status", "paid").put("subscription", id);
        invoice(id, from, to, session.get("amount_total").asLong(), "paid");
        return id;
    }

    /** Moves the subscription's period, as Stripe does before the new invoice is paid. */
    public void period(String subscriptionId, Instant from, Instant to) {
        ObjectNode items = objects.get(subscriptionId).putObject("items").put("object", "list");
        items.putArray("data")
                .addObject()
                .put("id", "si_" + subscriptionId)
                .put("object", "subscription_item")
                .put("current_period_start", from.getEpochSecond())
                .put("current_period_end", to.getEpochSecond());
    }

    /** Makes the subscription's newest invoice, and returns its id. */
    public String invoice(String subscriptionId, Instant from, Instant to, long amount, String status) {
        String id = "in_" + ids.incrementAndGet();
        ObjectNode invoice = object(id, "invoice");
        invoice.put("status", status)
                .put("number", "P-" + id)
                .put("total", amount)
                .put("currency", "inr");
        invoice.put("created", from.getEpochSecond());
        invoice.putObject("parent").putObject("subscription_details").put("subscription", subscriptionId);
        invoice.putObject("status_transitions").put("paid_at", from.getEpochSecond());
        invoice.putObject("lines")
                .put("object", "list")
                .putArray("data")
                .addObject()
                .put("object", "line_item")
                .putObject("period")
                .put("start", from.getEpochSecond())
                .put("end", to.getEpochSecond());
        objects.put(id, invoice);
        objects.get(subscriptionId).put("latest_invoice", id);
        return id;
    }

    public void set(String id, String member, String value) {
        objects.get(id).put(member, value);
    }

    /** The body of an event about an object. */
    public static String event(String eventId, String type, String kind, String objectId) {
        ObjectNode event = JSON.createObjectNode()
                .put("id", eventId)
                .put("object", "event")
                .put("type", type);
        event.put("api_version", "2026-06-24.dahlia").put("created", 1);
        event.putObject("data").putObject("object").put("id", objectId).put("object", kind);
        return event.toString();
    }

    /** Signs as the official library does. */
    public static String signature(String body, String secret, long epochSecond) {
        return "t=" + epochSecond + ",v1=" + hmac(secret, epochSecond + "." + body);
    }

    private static String hmac(String secret, String text) {
        try {
            return Webhook.Util.computeHmacSha256(secret, text);
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private ObjectNode object(String id, String kind) {
        return JSON.createObjectNode().put("id", id).put("object", kind);
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(
                    URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                    parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return form;
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
