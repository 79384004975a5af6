package dev.parley.simulators.control;

import dev.parley.simulators.exchange.Counters;
import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Faults;
import dev.parley.simulators.exchange.Provider;
import dev.parley.simulators.exchange.Reply;
import dev.parley.simulators.exchange.RequestLog;
import dev.parley.simulators.exchange.Routes;
import dev.parley.simulators.llm.Llm;
import dev.parley.simulators.razorpay.Razorpay;
import dev.parley.simulators.stripe.Stripe;
import dev.parley.simulators.telegram.Telegram;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookFault;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything under {@code /_control}; the module's README shows each call with curl. */
public final class ControlEndpoint implements Endpoint {

    private static final int USUAL_LIMIT = 1_000;
    private static final int MOST = 5_000;

    /** One call of the control plane. */
    interface Call {
        /** Answers it; the values are those of the template. */
        void run(Exchange exchange, List<String> values);
    }

    private final RequestLog log;
    private final Counters counters;
    private final Faults faults;
    private final Map<String, WebhookSender> senders;
    private final Llm llm;
    private final Stripe stripe;
    private final Razorpay razorpay;
    private final Telegram telegram;
    private final Routes<Call> routes = new Routes<>();

    /**
     * The control plane over all simulators.
     *
     * @param senders by the name of their faults: {@code stripe-webhooks} and so on
     */
    public ControlEndpoint(
            RequestLog log,
            Counters counters,
            Faults faults,
            Map<String, WebhookSender> senders,
            Llm llm,
            Stripe stripe,
            Razorpay razorpay,
            Telegram telegram,
            MessengerControl messengers) {
        this.log = log;
        this.counters = counters;
        this.faults = faults;
        this.senders = Map.copyOf(senders);
        this.llm = llm;
        this.stripe = stripe;
        this.razorpay = razorpay;
        this.telegram = telegram;
        routes.add("GET", "/health", (exchange, values) -> answer(exchange, new JsonObject().put("status", "UP")))
                .add("GET", "/log", (exchange, values) -> readLog(exchange))
                .add("PUT", "/log", (exchange, values) -> switchLog(exchange))
                .add("DELETE", "/log", (exchange, values) -> {
                    log.clear();
                    exchange.answer(Reply.empty(204));
                })
                .add("GET", "/counters", (exchange, values) -> answer(exchange, counters.toJson()))
                .add("DELETE", "/counters", (exchange, values) -> {
                    counters.clear();
                    exchange.answer(Reply.empty(204));
                })
                .add("GET", "/faults", (exchange, values) -> answer(exchange, allFaults()))
                .add("DELETE", "/faults", (exchange, values) -> {
                    faults.clear();
                    this.senders.values().forEach(sender -> sender.fault(null));
                    exchange.answer(Reply.empty(204));
                })
                .add("GET", "/faults/{name}", (exchange, values) -> answer(exchange, faults(values.getFirst())))
                .add("PUT", "/faults/{name}", (exchange, values) -> putFaults(exchange, values.getFirst()))
                .add("DELETE", "/faults/{name}", (exchange, values) -> clearFaults(exchange, values.getFirst()))
                .add("GET", "/webhooks/{provider}", (exchange, values) -> webhooks(exchange, values.getFirst()))
                .add("GET", "/llm/replies", (exchange, values) -> answer(exchange, items(llm.scripts())))
                .add("PUT", "/llm/replies", (exchange, values) -> script(exchange))
                .add("DELETE", "/llm/replies", (exchange, values) -> {
                    llm.script(new JsonArray());
                    exchange.answer(Reply.empty(204));
                })
                .add("POST", "/stripe/events", (exchange, values) -> sendEvent(exchange))
                .add("POST", "/stripe/events/{id}/resend", (exchange, values) -> resend(exchange, values.getFirst()))
                .add(
                        "POST",
                        "/stripe/subscriptions/{id}/renewal",
                        (exchange, values) -> renew(exchange, values.getFirst()))
                .add("POST", "/razorpay/events", (exchange, values) -> sendRazorpayEvent(exchange))
                .add(
                        "POST",
                        "/razorpay/events/{id}/resend",
                        (exchange, values) -> resendRazorpayEvent(exchange, values.getFirst()))
                .add(
                        "POST",
                        "/razorpay/subscriptions/{id}/renewal",
                        (exchange, values) -> answer(
                                exchange,
                                razorpay.renew(
                                        values.getFirst(),
                                        outcome(exchange, "paid", "failed").equals("paid"))))
                .add(
                        "POST",
                        "/razorpay/subscriptions/{id}/retry",
                        (exchange, values) -> answer(
                                exchange,
                                razorpay.retry(values.getFirst(), outcome(exchange, "paid", "failed", "exhausted"))))
                .add(
                        "PUT",
                        "/razorpay/subscriptions/{id}/card",
                        (exchange, values) -> answer(
                                exchange,
                                razorpay.card(
                                        values.getFirst(),
                                        outcome(exchange, "paid", "failed").equals("paid"))))
                .add(
                        "GET",
                        "/razorpay/clocks/{id}",
                        (exchange, values) -> answer(exchange, razorpay.clock(values.getFirst())))
                .add(
                        "POST",
                        "/razorpay/clocks/{id}",
                        (exchange, values) ->
                                answer(exchange, razorpay.clock(values.getFirst(), second(exchange, "at"))))
                .add(
                        "POST",
                        "/razorpay/clocks/{id}/advance",
                        (exchange, values) ->
                                answer(exchange, razorpay.advance(values.getFirst(), second(exchange, "to"))))
                .add(
                        "POST",
                        "/telegram/bots/{token}/messages",
                        (exchange, values) -> write(exchange, values.getFirst()))
                .add("POST", "/telegram/bots/{token}/presses", (exchange, values) -> press(exchange, values.getFirst()))
                .add("GET", "/telegram/bots/{token}/sent", (exchange, values) -> sent(exchange, values.getFirst()));
        messengers.addTo(routes);
    }

    @Override
    public void handle(Exchange exchange) {
        Routes.Found<Call> found = routes.find(exchange.method(), exchange.path());
        if (found == null) {
            problem(exchange, 404, "No such control call; the README of deploy/simulators lists them.");
            return;
        }
        try {
            found.handler().run(exchange, found.values());
        } catch (IllegalArgumentException | DateTimeParseException wrong) {
            problem(exchange, 400, wrong.getMessage());
        } catch (DecodeException | ClassCastException wrong) {
            problem(exchange, 400, "The body is not the JSON this call takes: " + wrong.getMessage());
        }
    }

    static void answer(Exchange exchange, JsonObject body) {
        exchange.answer(Reply.json(200, body));
    }

    private static void problem(Exchange exchange, int status, String detail) {
        exchange.answer(
                Reply.json(status, new JsonObject().put("status", status).put("detail", detail)));
    }

    static JsonObject items(JsonArray items) {
        return new JsonObject().put("items", items).put("count", items.size());
    }

    static JsonObject object(Exchange exchange) {
        return exchange.body().length == 0 ? new JsonObject() : new JsonObject(Buffer.buffer(exchange.body()));
    }

    /** The body as a list; a single object is a list of one. */
    private static JsonArray list(Exchange exchange) {
        String text = exchange.bodyText().trim();
        return text.startsWith("[") ? new JsonArray(text) : new JsonArray().add(new JsonObject(text));
    }

    private static Provider provider(String name) {
        return Provider.of(name)
                .orElseThrow(() -> new IllegalArgumentException("provider must be one of " + Provider.labels()));
    }

    private void readLog(Exchange exchange) {
        String name = exchange.queryParameter("provider");
        String limit = exchange.queryParameter("limit");
        int most = limit == null ? USUAL_LIMIT : Math.clamp(Integer.parseInt(limit), 1, MOST);
        exchange.answer(Reply.json(
                200,
                log.read(
                        name == null ? null : provider(name),
                        exchange.queryParameter("since"),
                        exchange.queryParameter("match"),
                        most)));
    }

    private void switchLog(Exchange exchange) {
        String mode = object(exchange).getString("mode", "");
        if (!mode.equals("full") && !mode.equals("counters")) {
            throw new IllegalArgumentException("mode must be full or counters");
        }
        log.record(mode.equals("full"));
        answer(exchange, new JsonObject().put("mode", mode));
    }

    private JsonObject allFaults() {
        JsonObject all = new JsonObject();
        for (Provider each : Provider.values()) {
            all.put(each.label(), faults.list(each));
        }
        senders.forEach((name, sender) -> all.put(name, sender.faults()));
        return all;
    }

    private JsonObject faults(String name) {
        WebhookSender sender = senders.get(name);
        return items(sender == null ? faults.list(provider(name)) : sender.faults());
    }

    private void putFaults(Exchange exchange, String name) {
        WebhookSender sender = senders.get(name);
        if (sender != null) {
            sender.fault(new WebhookFault(object(exchange)));
        } else {
            Provider provider = provider(name);
            List<Fault> wanted = new ArrayList<>();
            list(exchange).forEach(fault -> wanted.add(new Fault((JsonObject) fault)));
            faults.put(provider, wanted);
        }
        answer(exchange, faults(name));
    }

    private void clearFaults(Exchange exchange, String name) {
        WebhookSender sender = senders.get(name);
        if (sender != null) {
            sender.fault(null);
        } else {
            faults.clear(provider(name));
        }
        exchange.answer(Reply.empty(204));
    }

    private void webhooks(Exchange exchange, String name) {
        WebhookSender sender = senders.get(name + "-webhooks");
        if (sender == null) {
            throw new IllegalArgumentException("provider must be one that sends webhooks");
        }
        answer(exchange, items(sender.deliveries()));
    }

    private void script(Exchange exchange) {
        llm.script(list(exchange));
        answer(exchange, items(llm.scripts()));
    }

    private void sendEvent(Exchange exchange) {
        stripe.send(object(exchange), delivery -> attempted(exchange, delivery));
    }

    private void resend(Exchange exchange, String id) {
        if (!stripe.resend(id, delivery -> attempted(exchange, delivery))) {
            problem(exchange, 404, "There is no event " + id + ".");
        }
    }

    private void sendRazorpayEvent(Exchange exchange) {
        razorpay.send(object(exchange), delivery -> attempted(exchange, delivery));
    }

    private void resendRazorpayEvent(Exchange exchange, String id) {
        if (!razorpay.resend(id, delivery -> attempted(exchange, delivery))) {
            problem(exchange, 404, "There is no event " + id + ".");
        }
    }

    /** The outcome that the body wishes for, the first of the known ones unless it says so. */
    private static String outcome(Exchange exchange, String... known) {
        String outcome = object(exchange).getString("outcome", known[0]);
        if (!List.of(known).contains(outcome)) {
            throw new IllegalArgumentException("outcome must be one of " + String.join(", ", known));
        }
        return outcome;
    }

    static long second(Exchange exchange, String name) {
        Long second = object(exchange).getLong(name);
        if (second == null) {
            throw new IllegalArgumentException(name + " must be a time in seconds");
        }
        return second;
    }

    static void attempted(Exchange exchange, Delivery delivery) {
        answer(exchange, delivery.toJson());
    }

    private void renew(Exchange exchange, String id) {
        String outcome = object(exchange).getString("outcome", "paid");
        if (!outcome.equals("paid") && !outcome.equals("failed")) {
            throw new IllegalArgumentException("outcome must be paid or failed");
        }
        stripe.renew(id, outcome.equals("paid"))
                .ifPresentOrElse(
                        subscription -> answer(exchange, subscription),
                        () -> problem(exchange, 404, "There is no live subscription " + id + "."));
    }

    private void write(Exchange exchange, String token) {
        requireToken(token);
        JsonObject update = telegram.write(token, object(exchange), delivery -> {});
        exchange.answer(Reply.json(
                201,
                new JsonObject()
                        .put("update_id", update.getLong("update_id"))
                        .put("message_id", Telegram.messageOf(update).getLong("message_id"))
                        .put("webhook", telegram.hasWebhook(token))));
    }

    private void press(Exchange exchange, String token) {
        requireToken(token);
        JsonObject update = telegram.press(token, object(exchange), delivery -> {});
        exchange.answer(Reply.json(
                201,
                new JsonObject()
                        .put("update_id", update.getLong("update_id"))
                        .put("webhook", telegram.hasWebhook(token))));
    }

    private void sent(Exchange exchange, String token) {
        requireToken(token);
        String chat = exchange.queryParameter("chat_id");
        answer(exchange, items(telegram.sent(token, chat == null ? null : Long.valueOf(chat))));
    }

    private static void requireToken(String token) {
        if (!Telegram.isToken(token)) {
            throw new IllegalArgumentException("a token is <digits>:<at least 20 letters, digits, _ or ->");
        }
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        return Reply.json(
                fault.status(), new JsonObject().put("status", fault.status()).put("detail", fault.message("failed")));
    }
}
