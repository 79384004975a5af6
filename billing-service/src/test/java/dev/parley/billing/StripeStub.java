package dev.parley.billing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.Set;
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
    private final Next answersToLose = new Next();
    private final Next changesToLose = new Next();
    private final Next changesToDrop = new Next();
    private final Next refundsToLose = new Next();
    private final AtomicLong changeCharge = new AtomicLong();
    private final Set<String> changes = ConcurrentHashMap.newKeySet();
    private final Map<String, ObjectNode> refundByKey = new ConcurrentHashMap<>();
    private final Map<String, String> refundByPayment = new ConcurrentHashMap<>();
    private final Next refundsToWait = new Next();
    private final Map<String, String> madeByKey = new ConcurrentHashMap<>();
    private final Next itemsToLose = new Next();
    private final Next ownInvoicesToFail = new Next();
    private final Map<String, Long> refunded = new ConcurrentHashMap<>();

    private StripeStub() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/checkout/sessions", this::sessions);
        server.createContext("/v1/subscriptions", this::subscriptions);
        server.createContext("/v1/invoices", this::invoices);
        server.createContext("/v1/invoiceitems", this::invoiceItems);
        server.createContext("/v1/payment_intents", exchange -> getOrList(exchange, "payment_intent"));
        server.createContext("/v1/invoices/create_preview", this::preview);
        server.createContext("/v1/products", exchange -> answer(exchange, 200, object("prod_1", "product")));
        server.createContext("/v1/refunds", this::refunds);
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
        if (form.get("line_items[0][price_data][currency]").equals("kpw")) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "invalid_request_error").put("message", "Invalid currency: kpw");
            answer(exchange, 400, error);
            return;
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String id = sessionByKey.computeIfAbsent(key, first -> {
            ObjectNode session = object("cs_test_" + ids.incrementAndGet(), "checkout.session");
            session.put("trial_end", form.get("subscription_data[trial_end]"));
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
        if (answersToLose.isOne()) {
            exchange.close();
            return;
        }
        answer(exchange, 200, objects.get(id));
    }

    private void subscriptions(HttpExchange exchange) throws IOException {
        String id = last(exchange);
        if (id.equals("subscriptions")) {
            list(exchange, "subscription");
            return;
        }
        ObjectNode subscription = objects.get(id);
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                Map<String, String> form = form(exchange);
                if (form.containsKey("items[0][id]") && !change(exchange, subscription, form)) {
                    return;
                }
                String end = form.get("cancel_at_period_end");
                if (end != null) {
                    subscription.put("cancel_at_period_end", Boolean.parseBoolean(end));
                }
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

    /** What the next change of plan within a period charges; the card is declined when that is negative. */
    public void chargeForChange(long amount) {
        changeCharge.set(amount);
    }

    /** How many changes of plan were asked for, and answers to them that are cut after the change was made. */
    public int changes() {
        return changes.size();
    }

    public void loseChanges(int count) {
        changesToLose.set(count);
    }

    /** The next changes of plan are cut before they are made. */
    public void dropChanges(int count) {
        changesToDrop.set(count);
    }

    private boolean change(HttpExchange exchange, ObjectNode subscription, Map<String, String> form)
            throws IOException {
        if (changesToDrop.isOne()) {
            exchange.close();
            return false;
        }
        long charge = changeCharge.get();
        boolean now = "always_invoice".equals(form.get("proration_behavior"));
        if (now && charge < 0) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "card_error").put("code", "card_declined");
            answer(exchange, 402, error);
            return false;
        }
        if (changes.add(exchange.getRequestHeaders().getFirst("Idempotency-Key"))) {
            apply(subscription, form, now ? charge : 0);
        }
        if (changesToLose.isOne()) {
            exchange.close();
            return false;
        }
        return true;
    }

    private void apply(ObjectNode subscription, Map<String, String> form, long charge) {
        synchronized (objects) {
            ObjectNode metadata = (ObjectNode) subscription.get("metadata");
            form.forEach((name, value) -> {
                if (name.startsWith("metadata[") && value.isEmpty()) {
                    metadata.remove(name.substring(9, name.length() - 1));
                } else if (name.startsWith("metadata[")) {
                    metadata.put(name.substring(9, name.length() - 1), value);
                }
            });
            if (charge > 0) {
                String id = subscription.get("id").asText();
                Instant at = Instant.ofEpochSecond(Long.parseLong(form.get("proration_date")));
                String invoice = invoice(id, at, at.plusSeconds(60), charge, "paid");
                objects.get(invoice).put("billing_reason", "subscription_update");
            }
        }
    }

    private void preview(HttpExchange exchange) throws IOException {
        ObjectNode preview = object("upcoming_in_1", "invoice");
        answer(exchange, 200, preview.put("total", changeCharge.get()).put("currency", "inr"));
    }

    /** What was given back, by payment; a payment whose refund is refused is one that starts with {@code pi_gone}. */
    public Map<String, Long> refunded() {
        return refunded;
    }

    private void refunds(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET") && last(exchange).startsWith("re_hidden")) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "invalid_request_error").put("message", "You may not look at this.");
            answer(exchange, 400, error);
            return;
        }
        if (exchange.getRequestMethod().equals("GET")) {
            get(exchange, last(exchange));
            return;
        }
        Map<String, String> form = form(exchange);
        String payment = form.get("payment_intent");
        if (payment.startsWith("pi_gone")) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "invalid_request_error").put("code", "charge_already_refunded");
            answer(exchange, 400, error);
            return;
        }
        long amount = Long.parseLong(form.get("amount"));
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        ObjectNode first = refundByKey.computeIfAbsent(key, unknown -> {
            refunded.merge(payment, amount, Long::sum);
            ObjectNode refund = object("re_" + ids.incrementAndGet(), "refund");
            refund.put("amount", amount)
                    .put("currency", "inr")
                    .put("status", refundsToWait.isOne() ? "pending" : "succeeded");
            objects.put(refund.get("id").asText(), refund);
            refundByPayment.put(payment, refund.get("id").asText());
            return refund.deepCopy();
        });
        if (refundsToLose.isOne()) {
            exchange.close();
            return;
        }
        // As Stripe does it: the same key gets the same answer, whatever became of the refund since.
        answer(exchange, 200, first);
    }

    /** The next refunds are pending when they are made. */
    public void waitWithRefunds(int count) {
        refundsToWait.set(count);
    }

    /** The id of a payment's newest refund. */
    public String refundOf(String payment) {
        return refundByPayment.get(payment);
    }

    /** What Stripe does a day after: the same order again is another one. */
    public void forgetRefundKeys() {
        refundByKey.clear();
    }

    /** The next answers to "make an invoice item" are cut after it was made. */
    public void loseItems(int count) {
        itemsToLose.set(count);
    }

    /** What Stripe does a day after: the same order again is another one. */
    public void forgetKeys() {
        madeByKey.clear();
    }

    /** The next invoices that belong to no subscription are declined when they are finalized. */
    public void declineOwnInvoices(int count) {
        ownInvoicesToFail.set(count);
    }

    /** The amounts of a customer's invoice items that were not deleted. */
    public List<Long> items(String customer) {
        return objects.values().stream()
                .filter(each -> each.path("object").asText().equals("invoiceitem")
                        && each.path("customer").asText().equals(customer))
                .map(each -> each.path("amount").asLong())
                .toList();
    }

    /** Whether a discount would make one of a customer's invoice items cheaper. */
    public boolean isDiscountable(String customer) {
        return objects.values().stream()
                .anyMatch(each -> each.path("object").asText().equals("invoiceitem")
                        && each.path("customer").asText().equals(customer)
                        && each.path("discountable").asBoolean());
    }

    private void invoiceItems(HttpExchange exchange) throws IOException {
        String id = last(exchange);
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                Map<String, String> form = form(exchange);
                String made = madeByKey.computeIfAbsent(
                        exchange.getRequestHeaders().getFirst("Idempotency-Key"), first -> item(form));
                if (itemsToLose.isOne()) {
                    exchange.close();
                    return;
                }
                answer(exchange, 200, objects.get(made));
            }
            case "DELETE" -> {
                if (objects.get(id).hasNonNull("invoice")) {
                    ObjectNode error = JSON.createObjectNode();
                    error.putObject("error")
                            .put("type", "invalid_request_error")
                            .put("message", "attached");
                    answer(exchange, 400, error);
                    return;
                }
                objects.remove(id);
                answer(exchange, 200, object(id, "invoiceitem").put("deleted", true));
            }
            default -> {
                if (!id.equals("invoiceitems")) {
                    get(exchange, id);
                    return;
                }
                String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
                ObjectNode page = object("list", "list").put("has_more", false).put("url", "/v1/invoiceitems");
                page.putArray("data");
                objects.values().stream()
                        .filter(each -> each.path("object").asText().equals("invoiceitem")
                                && query.contains(
                                        "customer=" + each.path("customer").asText()))
                        .forEach(each -> page.withArray("data").add(each));
                answer(exchange, 200, page);
            }
        }
    }

    private String item(Map<String, String> form) {
        String id = "ii_" + ids.incrementAndGet();
        ObjectNode item = object(id, "invoiceitem");
        item.put("customer", form.get("customer"))
                .put("amount", Long.parseLong(form.get("amount")))
                .put("currency", form.get("currency"))
                .put("description", form.get("description"))
                .put("discountable", !"false".equals(form.get("discountable")))
                .put("_subscription", form.get("subscription"))
                .put("invoice", form.get("invoice"));
        item.putObject("metadata").put("parley_overage_id", form.get("metadata[parley_overage_id]"));
        objects.put(id, item);
        if (form.get("invoice") != null) {
            carry(objects.get(form.get("invoice")), item);
        }
        return id;
    }

    /** Puts an item on an invoice, as its first line: that is where Stripe puts them. */
    private void carry(ObjectNode invoice, ObjectNode item) {
        synchronized (objects) {
            ObjectNode line = JSON.createObjectNode()
                    .put("object", "line_item")
                    .put("amount", item.path("amount").asLong())
                    .put("currency", item.path("currency").asText())
                    .put("description", item.path("description").asText());
            line.set("metadata", item.get("metadata"));
            line.putObject("period").put("start", 1).put("end", 1);
            ((ArrayNode) invoice.path("lines").path("data")).insert(0, line);
            invoice.put(
                    "total",
                    invoice.path("total").asLong() + item.path("amount").asLong());
            item.put("invoice", invoice.path("id").asText());
        }
    }

    private void invoices(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (!exchange.getRequestMethod().equals("POST")) {
            getOrList(exchange, "invoice");
        } else if (path.endsWith("/finalize")) {
            ObjectNode invoice = objects.get(path.split("/")[3]);
            // The customer has no card of its own: Checkout leaves it at the subscription.
            boolean declined = !invoice.hasNonNull("default_payment_method") || ownInvoicesToFail.isOne();
            invoice.put("status", declined ? "open" : "paid");
            answer(exchange, 200, invoice);
        } else {
            Map<String, String> form = form(exchange);
            String id = madeByKey.computeIfAbsent(
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"), first -> ownInvoice(form));
            answer(exchange, 200, objects.get(id));
        }
    }

    private String ownInvoice(Map<String, String> form) {
        String id = "in_" + ids.incrementAndGet();
        long now = Instant.now().getEpochSecond();
        ObjectNode invoice = object(id, "invoice")
                .put("status", "draft")
                .put("number", "P-" + id)
                .put("customer", form.get("customer"))
                .put("currency", form.get("currency"))
                .put("billing_reason", "manual")
                .put("default_payment_method", form.get("default_payment_method"))
                .put("total", 0)
                .put("created", now)
                .put("period_start", now)
                .put("period_end", now);
        invoice.putObject("lines").put("object", "list").putArray("data");
        invoice.putObject("status_transitions").put("paid_at", now);
        invoice.putObject("metadata").put("parley_overage_id", form.get("metadata[parley_overage_id]"));
        objects.put(id, invoice);
        return id;
    }

    /** The period is over: the next one is charged, with what waits for its invoice. Returns the invoice's id. */
    public String renew(String subscriptionId, Instant from, Instant to, long amount, String status) {
        period(subscriptionId, from, to);
        String id = invoice(subscriptionId, from, to, amount, status);
        objects.values().stream()
                .filter(each ->
                        each.path("_subscription").asText().equals(subscriptionId) && !each.hasNonNull("invoice"))
                .toList()
                .forEach(item -> carry(objects.get(id), item));
        return id;
    }

    private void getOrList(HttpExchange exchange, String kind) throws IOException {
        String id = last(exchange);
        if (id.equals(kind + "s")) {
            list(exchange, kind);
        } else {
            get(exchange, id);
        }
    }

    /** Everything of a kind that was made since the query's time, in one page. */
    private void list(HttpExchange exchange, String kind) throws IOException {
        String query = URLDecoder.decode(exchange.getRequestURI().getRawQuery(), StandardCharsets.UTF_8);
        String from = query.substring(query.indexOf("created[gte]=") + "created[gte]=".length());
        long since = Long.parseLong(from.split("&", 2)[0]);
        ObjectNode page = object("list", "list").put("has_more", false).put("url", "/v1/" + kind + "s");
        page.putArray("data");
        synchronized (objects) {
            for (ObjectNode each : objects.values()) {
                if (each.path("object").asText().equals(kind)
                        && each.path("created").asLong() >= since) {
                    ObjectNode shown = each.deepCopy();
                    if (shown.hasNonNull("latest_invoice")) {
                        shown.set(
                                "latest_invoice",
                                objects.get(shown.path("latest_invoice").asText()));
                    }
                    page.withArray("data").add(shown);
                }
            }
        }
        answer(exchange, 200, page);
    }

    /** The next answers to refunds are cut after the refund was made. */
    public void loseRefunds(int count) {
        refundsToLose.set(count);
    }

    private void get(HttpExchange exchange, String id) throws IOException {
        ObjectNode found = objects.get(id);
        if (found == null) {
            ObjectNode error = JSON.createObjectNode();
            error.putObject("error").put("type", "invalid_request_error").put("code", "resource_missing");
            answer(exchange, 404, error);
            return;
        }
        ObjectNode shown;
        synchronized (objects) {
            shown = found.deepCopy();
        }
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
        ObjectNode subscription = object(id, "subscription").put("default_payment_method", "pm_of_" + id);
        subscription.put("status", "active").put("customer", "cus_" + id).put("cancel_at_period_end", false);
        subscription.put("created", from.getEpochSecond());
        subscription.set("metadata", session.get("metadata"));
        objects.put(id, subscription);
        period(id, from, to);
        session.put("status", "complete").put("payment_status", "paid").put("subscription", id);
        invoice(id, from, to, session.get("amount_total").asLong(), "paid");
        return id;
    }

    /** The customer pays for a pack. Returns the payment's id. */
    public String payPack(String sessionId) {
        String payment = "pi_" + ids.incrementAndGet();
        ObjectNode session = objects.get(sessionId);
        ObjectNode intent = object(payment, "payment_intent").put("status", "succeeded");
        intent.put("amount_received", session.path("amount_total").asLong())
                .put("currency", session.path("currency").asText())
                .put("created", Instant.now().getEpochSecond());
        intent.set("metadata", session.get("metadata"));
        intent.putObject("latest_charge")
                .put("id", "ch_" + payment)
                .put("object", "charge")
                .put("amount_refunded", 0);
        objects.put(payment, intent);
        session.put("status", "complete").put("payment_status", "paid").put("payment_intent", payment);
        return payment;
    }

    /** Somebody gives a payment back on the provider's own pages, of which nobody is told. */
    public void giveBack(String paymentId) {
        ObjectNode intent = objects.get(paymentId);
        ((ObjectNode) intent.get("latest_charge"))
                .put("amount_refunded", intent.path("amount_received").asLong());
    }

    /** Moves the subscription's period, as Stripe does before the new invoice is paid. */
    public void period(String subscriptionId, Instant from, Instant to) {
        ObjectNode items = objects.get(subscriptionId).putObject("items").put("object", "list");
        items.putArray("data")
                .addObject()
                .put("id", "si_" + subscriptionId)
                .put("object", "subscription_item")
                .put("quantity", 1)
                .put("current_period_start", from.getEpochSecond())
                .put("current_period_end", to.getEpochSecond())
                .putObject("price")
                .put("object", "price")
                .put("id", "price_1")
                .put("product", "prod_1");
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
        invoice.put("billing_reason", "subscription_cycle");
        ObjectNode payment = invoice.putObject("payments")
                .put("object", "list")
                .putArray("data")
                .addObject()
                .put("object", "invoice_payment")
                .put("status", status);
        payment.putObject("payment").put("type", "payment_intent").put("payment_intent", "pi_" + id);
        objects.put(id, invoice);
        objects.get(subscriptionId).put("latest_invoice", id);
        return id;
    }

    public void set(String id, String member, String value) {
        objects.get(id).put(member, value);
    }

    public void set(String id, String member, long value) {
        objects.get(id).put(member, value);
    }

    public void set(String id, String member, boolean value) {
        objects.get(id).put(member, value);
    }

    /** The id of a subscription's newest invoice. */
    public String latestInvoice(String subscriptionId) {
        return objects.get(subscriptionId).path("latest_invoice").asText();
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
