package dev.parley.billing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.razorpay.RazorpayException;
import com.razorpay.Utils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The few objects of Razorpay that billing asks for, whose state a test sets directly. The wire format itself is proven
 * against the simulator, which Razorpay's official clients judge.
 */
public final class RazorpayStub {
    public static final String KEY_ID = "rzp_test_billing_it";
    public static final String KEY_SECRET = "rzp_key_billing_it";
    public static final String WEBHOOK_SECRET = "rzp_hook_billing_it";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RazorpayStub SHARED = new RazorpayStub();
    private static final String BASIC =
            "Basic " + Base64.getEncoder().encodeToString((KEY_ID + ":" + KEY_SECRET).getBytes(StandardCharsets.UTF_8));

    private final HttpServer server;
    private final AtomicLong ids = new AtomicLong(System.nanoTime());
    private final Map<String, ObjectNode> plans = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> subscriptions = new ConcurrentSkipListMap<>();
    private final Map<String, List<ObjectNode>> invoicesOf = new ConcurrentHashMap<>();
    private final Map<String, ObjectNode> invoices = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> payments = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> links = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> addons = new ConcurrentSkipListMap<>();
    private final Map<String, ObjectNode> refunds = new ConcurrentHashMap<>();
    private final List<String> cancelled = new CopyOnWriteArrayList<>();
    private final Map<String, Long> clocks = new ConcurrentHashMap<>();
    private final List<String> changed = new CopyOnWriteArrayList<>();
    private final Next answersToLose = new Next();
    private final Next changesToDrop = new Next();
    private volatile long chargeForChange;

    private RazorpayStub() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
        server.start();
    }

    public static RazorpayStub shared() {
        return SHARED;
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next answers to what makes or changes something are cut after that was done. */
    public void loseAnswers(int count) {
        answersToLose.set(count);
    }

    /** The next changes of plan are cut before they are made. */
    public void dropChanges(int count) {
        changesToDrop.set(count);
    }

    /** What Razorpay was told to cancel: the id, and whether at the end of the cycle. */
    public List<String> cancelled() {
        return cancelled;
    }

    /** What a change of plan now charges; below zero: the card is declined. */
    public void chargeForChange(long amount) {
        chargeForChange = amount;
    }

    /** The changes of plan that Razorpay was asked for: the id, the plan's name, and when. */
    public List<String> changed() {
        return changed;
    }

    /** Refunds by their idempotency keys. */
    public Map<String, ObjectNode> refunds() {
        return refunds;
    }

    /** The links that were made with a reference. */
    public List<ObjectNode> linksOf(String reference) {
        return links.values().stream()
                .filter(link -> link.path("reference_id").asText().equals(reference))
                .toList();
    }

    public long plansNamed(String name) {
        return plans.values().stream()
                .filter(plan -> plan.path("item").path("name").asText().equals(name))
                .count();
    }

    /** What the simulator's clocks show, in seconds. */
    public Map<String, Long> clocks() {
        return clocks;
    }

    /** The subscriptions that were made for a checkout, by their notes. */
    public List<ObjectNode> madeFor(String checkoutId) {
        return subscriptions.values().stream()
                .filter(each ->
                        each.path("notes").path("parley_checkout_id").asText().equals(checkoutId))
                .toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (!BASIC.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, error("Authentication failed"));
            return;
        }
        String path = exchange.getRequestURI().getPath().substring("/v1".length());
        String[] parts = path.substring(1).split("/");
        boolean get = exchange.getRequestMethod().equals("GET");
        byte[] sent = exchange.getRequestBody().readAllBytes();
        ObjectNode body = sent.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(sent);
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        switch (get + " " + parts[0] + " " + parts.length) {
            case "false plans 1" -> answer(exchange, 200, put(plans, body, "plan_", "plan"));
            case "true plans 1" -> answer(exchange, 200, collection(newest(plans), query));
            case "false subscriptions 1" -> create(exchange, body);
            case "true subscriptions 1" -> listed(exchange, newest(subscriptions), query, "plan_id");
            case "true subscriptions 2" -> found(exchange, subscriptions.get(parts[1]));
            case "true subscriptions 3" -> scheduled(exchange, subscriptions.get(parts[1]));
            case "false subscriptions 2" -> changePlan(exchange, subscriptions.get(parts[1]), body);
            case "true addons 1" -> listed(exchange, newest(addons), query);
            case "true addons 2" -> found(exchange, addons.get(parts[1]));
            case "false addons 2" -> removeAddon(exchange, parts[1]);
            case "false invoices 1" -> ownInvoice(exchange, body);
            case "false invoices 3" -> {
                ObjectNode cancelled = invoices.get(parts[1]);
                answer(exchange, 200, cancelled.put("status", "cancelled"));
            }
            case "false subscriptions 3" -> change(exchange, subscriptions.get(parts[1]), parts[2], body);
            case "true invoices 1" -> {
                String subscription = after(query, "subscription_id=");
                Stream<ObjectNode> wanted = query.contains("subscription_id=")
                        ? invoicesOf.getOrDefault(subscription, List.of()).reversed().stream()
                        : newest(invoices);
                listed(exchange, wanted, query, "subscription_id", "receipt");
            }
            case "true invoices 2" -> found(exchange, invoices.get(parts[1]));
            case "true plans 2" -> found(exchange, plans.get(parts[1]));
            case "true payments 1" -> listed(exchange, newest(payments), query);
            case "false payments 3" ->
                refund(
                        exchange,
                        payments.get(parts[1]),
                        body,
                        exchange.getRequestHeaders().getFirst("X-Refund-Idempotency"));
            case "true refunds 2" ->
                found(
                        exchange,
                        refunds.values().stream()
                                .filter(each -> each.path("id").asText().equals(parts[1]))
                                .findFirst()
                                .orElse(null));
            case "false payment_links 1" -> link(exchange, body);
            case "true payment_links 1" -> {
                ArrayNode found = JSON.createArrayNode();
                linksOf(after(query, "reference_id=")).forEach(found::add);
                answer(exchange, 200, JSON.createObjectNode().set("payment_links", found));
            }
            case "false clocks 2" -> {
                clocks.putIfAbsent(parts[1], body.path("at").asLong());
                answer(exchange, 200, JSON.createObjectNode().put("id", parts[1]));
            }
            case "true clocks 2" -> {
                ObjectNode clock = JSON.createObjectNode().put("id", parts[1]);
                ArrayNode running = clock.putArray("subscriptions");
                livingBy(parts[1]).forEach(each -> running.add(each.path("id").asText()));
                answer(exchange, 200, clock);
            }
            case "false clocks 3" -> {
                clocks.put(parts[1], body.path("to").asLong());
                livingBy(parts[1])
                        .filter(each -> cancelled.contains(each.path("id").asText() + " at the end"))
                        .forEach(each -> each.put("status", "cancelled"));
                answer(exchange, 200, JSON.createObjectNode().put("id", parts[1]));
            }
            case "true payment_links 2" -> found(exchange, links.get(parts[1]));
            default -> answer(exchange, 400, error("The requested URL was not found on the server."));
        }
    }

    private Stream<ObjectNode> livingBy(String clock) {
        return subscriptions.values().stream()
                .filter(each -> each.path("notes").path("test_clock").asText().equals(clock));
    }

    private void create(HttpExchange exchange, ObjectNode body) throws IOException {
        ObjectNode made = put(subscriptions, body, "sub_", "subscription");
        made.put("status", "created").put("paid_count", 0);
        made.putNull("customer_id");
        made.putNull("current_start");
        made.putNull("current_end");
        made.put("short_url", "https://rzp.example/i/" + made.path("id").asText());
        answerUnlessLost(exchange, made);
    }

    private void answerUnlessLost(HttpExchange exchange, ObjectNode made) throws IOException {
        if (answersToLose.isOne()) {
            exchange.close();
        } else {
            answer(exchange, 200, made);
        }
    }

    private void link(HttpExchange exchange, ObjectNode body) throws IOException {
        if (!linksOf(body.path("reference_id").asText()).isEmpty()) {
            answer(exchange, 400, error("payment link creation failed: the reference_id already exists"));
            return;
        }
        ObjectNode made = put(links, body, "plink_", "payment_link");
        made.put("status", "created").putNull("payments");
        made.put("short_url", "https://rzp.example/i/" + made.path("id").asText());
        answerUnlessLost(exchange, made);
    }

    private void changePlan(HttpExchange exchange, ObjectNode subscription, ObjectNode body) throws IOException {
        String id = subscription.path("id").asText();
        String plan = body.path("plan_id").asText();
        String when = body.path("schedule_change_at").asText();
        if (changesToDrop.isOne()) {
            exchange.close();
            return;
        }
        if (when.equals("cycle_end")) {
            subscription.put("has_scheduled_changes", true).put("_scheduled", plan);
        } else if (chargeForChange < 0) {
            ObjectNode declined = error("The payment of the difference failed");
            ((ObjectNode) declined.path("error")).put("reason", "payment_failed");
            answer(exchange, 400, declined);
            return;
        } else {
            subscription.put("plan_id", plan);
            long to = subscription.path("current_end").asLong();
            String invoice = invoice(id, Instant.now(), Instant.ofEpochSecond(to), "paid", chargeForChange);
            ((ObjectNode) invoices.get(invoice).path("line_items").path(0)).put("type", "addon");
        }
        changed.add(id + " to " + plans.get(plan).path("item").path("name").asText() + " " + when);
        answerUnlessLost(exchange, subscription);
    }

    private static void scheduled(HttpExchange exchange, ObjectNode subscription) throws IOException {
        ObjectNode then = subscription.deepCopy();
        answer(
                exchange,
                200,
                then.put("plan_id", subscription.path("_scheduled").asText()));
    }

    private void refund(HttpExchange exchange, ObjectNode payment, ObjectNode body, String key) throws IOException {
        if (payment == null) {
            answer(exchange, 400, error("The id provided does not exist"));
            return;
        }
        ObjectNode refund = refunds.computeIfAbsent(key, first -> {
            payment.put("amount_refunded", body.path("amount").asLong());
            return body.deepCopy()
                    .put("id", "rfnd_" + ids.incrementAndGet())
                    .put("entity", "refund")
                    .put("payment_id", payment.path("id").asText())
                    .put("currency", payment.path("currency").asText())
                    .put("status", "pending");
        });
        answerUnlessLost(exchange, refund);
    }

    private void change(HttpExchange exchange, ObjectNode subscription, String what, ObjectNode body)
            throws IOException {
        if (subscription == null) {
            answer(exchange, 400, error("The id provided does not exist"));
            return;
        }
        String status = subscription.path("status").asText();
        if (what.equals("addons")) {
            ObjectNode made = put(addons, body, "ao_", "addon");
            made.put("subscription_id", subscription.path("id").asText()).putNull("invoice_id");
            answerUnlessLost(exchange, made);
            return;
        }
        if (what.equals("cancel")) {
            if (status.equals("cancelled")) {
                answer(exchange, 400, error("Subscription is not cancellable in cancelled status."));
                return;
            }
            boolean atEnd = body.path("cancel_at_cycle_end").asBoolean();
            cancelled.add(subscription.path("id").asText() + (atEnd ? " at the end" : " now"));
            if (!atEnd) {
                subscription.put("status", "cancelled");
            }
        } else if (what.equals("resume")) {
            subscription.put("status", "active");
        } else if (what.equals("cancel_scheduled_changes")) {
            subscription.put("has_scheduled_changes", false).remove("_scheduled");
        }
        answer(exchange, 200, subscription);
    }

    private void removeAddon(HttpExchange exchange, String id) throws IOException {
        if (addons.get(id).hasNonNull("invoice_id")) {
            answer(exchange, 400, error("Addon cannot be deleted since it has been invoiced."));
            return;
        }
        addons.remove(id);
        answer(exchange, 200, JSON.createObjectNode());
    }

    private void ownInvoice(HttpExchange exchange, ObjectNode body) throws IOException {
        ObjectNode made = put(invoices, body, "inv_", "invoice");
        JsonNode item = body.path("line_items").path(0);
        made.put("status", "issued")
                .put("amount", item.path("amount").asLong())
                .putNull("subscription_id")
                .putNull("payment_id");
        answerUnlessLost(exchange, made);
    }

    /** The add-ons of a subscription. */
    public List<ObjectNode> addonsOf(String subscriptionId) {
        return addons.values().stream()
                .filter(each -> each.path("subscription_id").asText().equals(subscriptionId))
                .toList();
    }

    /** The invoices that a customer was sent and that belong to no subscription. */
    public List<ObjectNode> ownInvoicesOf(String customerId) {
        return invoices.values().stream()
                .filter(each -> each.path("customer_id").asText().equals(customerId)
                        && !each.path("status").asText().equals("cancelled"))
                .toList();
    }

    /** A customer pays an invoice on its page. */
    public void payInvoice(String invoiceId) {
        ObjectNode invoice = invoices.get(invoiceId);
        invoice.put("status", "paid")
                .put("paid_at", Instant.now().getEpochSecond())
                .put("payment_id", payment(invoice.path("amount").asLong(), Instant.now(), JSON.createArrayNode()));
    }

    private ObjectNode put(Map<String, ObjectNode> kind, ObjectNode body, String prefix, String entity) {
        String id = prefix + ids.incrementAndGet();
        ObjectNode made = body.deepCopy();
        made.put("id", id).put("entity", entity).put("created_at", Instant.now().getEpochSecond());
        kind.put(id, made);
        return made;
    }

    private static Stream<ObjectNode> newest(Map<String, ObjectNode> kind) {
        return ((ConcurrentSkipListMap<String, ObjectNode>) kind).descendingMap().values().stream();
    }

    private static ObjectNode collection(Stream<ObjectNode> items, String query) {
        ObjectNode collection = JSON.createObjectNode().put("entity", "collection");
        ArrayNode list = collection.putArray("items");
        int skip = Integer.parseInt(after(query, "skip="));
        items.skip(skip).limit(Integer.parseInt(after(query, "count="))).forEach(list::add);
        return collection.put("count", list.size());
    }

    /** A page of what was made since {@code from} and has the filters' values. */
    private static void listed(HttpExchange exchange, Stream<ObjectNode> objects, String query, String... filters)
            throws IOException {
        long from = query.contains("from=") ? Long.parseLong(after(query, "from=")) : 0;
        Stream<ObjectNode> wanted =
                objects.filter(each -> each.path("created_at").asLong() >= from);
        for (String filter : filters) {
            String value = query.contains(filter + "=") ? after(query, filter + "=") : null;
            wanted = wanted.filter(
                    each -> value == null || value.equals(each.path(filter).asText()));
        }
        answer(exchange, 200, collection(wanted, query));
    }

    private static String after(String query, String name) {
        int at = query.indexOf(name);
        if (at < 0) {
            return name.equals("count=") ? "10" : "0";
        }
        int end = query.indexOf('&', at);
        return query.substring(at + name.length(), end < 0 ? query.length() : end);
    }

    private static void found(HttpExchange exchange, ObjectNode object) throws IOException {
        if (object == null) {
            answer(exchange, 400, error("The id provided does not exist"));
        } else {
            answer(exchange, 200, object);
        }
    }

    private static ObjectNode error(String description) {
        ObjectNode error = JSON.createObjectNode();
        error.putObject("error").put("code", "BAD_REQUEST_ERROR").put("description", description);
        return error;
    }

    /** The customer authorises and pays: the subscription is active with a paid invoice, whose id is returned. */
    public String pay(String subscriptionId, Instant from, Instant to) {
        subscriptions
                .get(subscriptionId)
                .put("customer_id", "cust_" + subscriptionId)
                .put("status", "active")
                .put("paid_count", 1);
        period(subscriptionId, from, to);
        return invoice(subscriptionId, from, to, "paid");
    }

    /** Moves the subscription's cycle. */
    public void period(String subscriptionId, Instant from, Instant to) {
        subscriptions
                .get(subscriptionId)
                .put("current_start", from.getEpochSecond())
                .put("current_end", to.getEpochSecond());
    }

    /** Makes the subscription's newest invoice, over the price of its plan, and returns its id. */
    public String invoice(String subscriptionId, Instant from, Instant to, String status) {
        String plan = subscriptions.get(subscriptionId).path("plan_id").asText();
        long price = plans.get(plan).path("item").path("amount").asLong();
        return invoice(subscriptionId, from, to, status, price);
    }

    private String invoice(String subscriptionId, Instant from, Instant to, String status, long amount) {
        String id = "inv_" + ids.incrementAndGet();
        ObjectNode invoice = JSON.createObjectNode()
                .put("id", id)
                .put("entity", "invoice")
                .put("status", status)
                .put("subscription_id", subscriptionId)
                .put("payment_id", payment(amount, from, JSON.createArrayNode()))
                .put("amount", amount)
                .put("currency", "INR")
                .put("issued_at", from.getEpochSecond())
                .put("paid_at", from.plus(Duration.ofSeconds(1)).getEpochSecond())
                .put("billing_start", from.getEpochSecond())
                .put("billing_end", to.getEpochSecond())
                .put("created_at", from.getEpochSecond());
        invoice.putArray("line_items").addObject().put("type", "plan");
        invoice.putArray("notes");
        invoices.put(id, invoice);
        invoicesOf
                .computeIfAbsent(subscriptionId, first -> new CopyOnWriteArrayList<>())
                .add(invoice);
        return id;
    }

    private String payment(long amount, Instant at, JsonNode notes) {
        String id = "pay_" + ids.incrementAndGet();
        payments.put(
                id,
                JSON.createObjectNode()
                        .put("id", id)
                        .put("entity", "payment")
                        .put("amount", amount)
                        .put("amount_refunded", 0)
                        .put("currency", "INR")
                        .put("captured", true)
                        .put("created_at", at.getEpochSecond())
                        .set("notes", notes));
        return id;
    }

    /** Somebody pays a link; returns the payment's id. */
    public String payLink(String linkId) {
        ObjectNode link = links.get(linkId);
        String payment = payment(link.path("amount").asLong(), Instant.now(), link.path("notes"));
        link.put("status", "paid").putArray("payments").addObject().put("payment_id", payment);
        return payment;
    }

    /** The cycle is over: the plan that waited is the plan. */
    public void renew(String subscriptionId, Instant from, Instant to) {
        ObjectNode subscription = subscriptions.get(subscriptionId);
        if (subscription.path("has_scheduled_changes").asBoolean()) {
            subscription
                    .put("plan_id", subscription.path("_scheduled").asText())
                    .put("has_scheduled_changes", false);
        }
        period(subscriptionId, from, to);
        ObjectNode invoice = invoices.get(invoice(subscriptionId, from, to, "paid"));
        for (ObjectNode addon : addonsOf(subscriptionId)) {
            if (!addon.hasNonNull("invoice_id")) {
                addon.put("invoice_id", invoice.path("id").asText());
                ObjectNode line = invoice.withArray("line_items").insertObject(0);
                line.setAll((ObjectNode) addon.path("item"));
                line.put("type", "addon");
                invoice.put(
                        "amount",
                        invoice.path("amount").asLong() + line.path("amount").asLong());
            }
        }
    }

    /** The refunds that are on their way have arrived. */
    public void processRefunds() {
        refunds.values().forEach(refund -> refund.put("status", "processed"));
    }

    public void forgetInvoices(String subscriptionId) {
        invoicesOf.remove(subscriptionId);
    }

    public void status(String subscriptionId, String status) {
        subscriptions.get(subscriptionId).put("status", status);
    }

    public void invoiceStatus(String invoiceId, String status) {
        invoices.get(invoiceId).put("status", status);
    }

    /** The body of an event about an object. */
    public static String event(String type, String entity, String objectId) {
        ObjectNode event = JSON.createObjectNode()
                .put("entity", "event")
                .put("account_id", "acc_it")
                .put("event", type);
        event.putArray("contains").add(entity);
        event.putObject("payload")
                .putObject(entity)
                .putObject("entity")
                .put("id", objectId)
                .put("entity", entity);
        return event.put("created_at", 1).toString();
    }

    /** Signs as the official library does. */
    public static String signature(String text, String secret) {
        try {
            return Utils.getHash(text, secret);
        } catch (RazorpayException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] body = json.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
