package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * Subscriptions: created → authenticated → active, charged each cycle; pending and halted when a charge fails; paused,
 * cancelled, completed. As at Razorpay, a cancellation at the end of the cycle cannot be seen and not be taken back.
 */
final class Subscriptions {

    private static final Set<String> CREATE = Set.of(
            "plan_id",
            "customer_id",
            "total_count",
            "quantity",
            "start_at",
            "end_at",
            "expire_by",
            "customer_notify",
            "notify_info",
            "notes");
    private static final Set<String> UPDATE = Set.of(
            "plan_id", "quantity", "remaining_count", "start_at", "schedule_change_at", "customer_notify", "offer_id");

    private static final Set<String> RUNNING = Set.of("authenticated", "active", "pending", "halted");
    private static final int RETRIES = 3;
    private static final long DAY = 86_400;

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Customers customers;
    private final Invoices invoices;
    private final Payments payments;
    private final String publicBase;

    Subscriptions(
            RazorpayStore store,
            RazorpayEvents events,
            Customers customers,
            Invoices invoices,
            Payments payments,
            String publicBase) {
        this.store = store;
        this.events = events;
        this.customers = customers;
        this.invoices = invoices;
        this.payments = payments;
        this.publicBase = publicBase;
    }

    JsonObject create(RazorpayCall call) {
        call.only(CREATE);
        JsonObject plan = store.get("plan", call.requiredText("plan_id"));
        long total = call.requiredNumber("total_count");
        if (total < 1 || total > Plans.mostCycles(plan)) {
            throw RazorpayProblem.badField(
                    "total_count",
                    total < 1
                            ? "The total count must be at least 1."
                            : "Exceeds the maximum total count (" + Plans.mostCycles(plan) + ") allowed");
        }
        long now = store.now();
        Long startAt = call.number("start_at");
        if (startAt != null && startAt <= now) {
            throw RazorpayProblem.badField("start_at", "start_at cannot be lesser than the current time.");
        }
        Long expireBy = call.number("expire_by");
        if (expireBy != null && expireBy <= store.realNow()) {
            throw RazorpayProblem.badField("expire_by", "expire_by should be in future");
        }
        String id = store.id("sub");
        JsonObject subscription = new JsonObject().put("id", id).put("entity", "subscription");
        subscription.put("plan_id", plan.getString("id"));
        if (call.has("customer_id")) {
            subscription.put(
                    "customer_id",
                    store.get("customer", call.text("customer_id")).getString("id"));
        }
        return store.put(subscription
                .put("status", "created")
                .put("current_start", null)
                .put("current_end", null)
                .put("ended_at", null)
                .put("quantity", call.number("quantity", 1))
                .put("notes", call.notes())
                .put("charge_at", startAt)
                .put("start_at", startAt)
                .put("end_at", startAt == null ? null : (Long) lastEnd(plan, startAt, total))
                .put("auth_attempts", 0)
                .put("total_count", total)
                .put("paid_count", 0)
                .put("customer_notify", call.flag("customer_notify", true))
                .put("created_at", now)
                .put("expire_by", expireBy)
                .put("short_url", publicBase + "/razorpay/i/" + id)
                .put("has_scheduled_changes", false)
                .put("change_scheduled_at", null)
                .put("source", "api")
                .put("payment_method", null)
                .put("offer_id", null)
                .put("remaining_count", total));
    }

    private static long lastEnd(JsonObject plan, long start, long cycles) {
        long end = start;
        for (long cycle = 0; cycle < cycles; cycle++) {
            end = Plans.end(plan, end);
        }
        return end;
    }

    /** A subscription that nobody authorised in time has expired; people take their time by no test clock. */
    JsonObject current(JsonObject subscription) {
        Long expireBy = subscription.getLong("expire_by");
        if (status(subscription).equals("created") && expireBy != null && expireBy <= store.realNow()) {
            store.put(subscription.put("status", "expired").put("ended_at", store.now()));
        }
        return subscription;
    }

    private JsonObject get(String id) {
        return current(store.get("subscription", id));
    }

    private static String status(JsonObject subscription) {
        return subscription.getString("status");
    }

    /**
     * The customer authorises on the subscription's page: a new one starts, with its first charge unless it starts later;
     * one whose charges failed goes on with the new means of payment, and only later cycles are charged.
     */
    JsonObject authorise(JsonObject subscription, Payer payer) {
        if (!payer.accepted()) {
            JsonObject failed =
                    payments.charge(payer, amount(subscription), currency(subscription), purpose(subscription));
            store.put(subscription.put("auth_attempts", subscription.getInteger("auth_attempts") + 1));
            payments.announce(failed);
            return failed;
        }
        boolean first = status(subscription).equals("created");
        subscription
                .put("customer_id", customers.of(payer.email(), payer.contact()).getString("id"))
                .put("payment_method", payer.method())
                .put("_mandate", payer.mandate());
        if (!first) {
            JsonObject payment = payments.charge(payer, 500, currency(subscription), purpose(subscription));
            payments.refund(payment, 500, new JsonArray(), null, "normal");
            store.put(subscription.put("status", "active").put("auth_attempts", 0));
            events.emit("subscription.activated", subscription, payment);
            return payment;
        }
        subscription.put("status", "authenticated");
        Long startAt = subscription.getLong("start_at");
        if (startAt != null && startAt > store.now()) {
            JsonObject payment = payments.charge(payer, 500, currency(subscription), purpose(subscription));
            payments.refund(payment, 500, new JsonArray(), null, "normal");
            store.put(subscription);
            events.emit("subscription.authenticated", subscription, payment);
            return payment;
        }
        return begin(subscription, payer);
    }

    private JsonObject begin(JsonObject subscription, Payer payer) {
        JsonObject plan = plan(subscription);
        long start = subscription.getLong("start_at") == null ? store.now() : subscription.getLong("start_at");
        boolean announced = status(subscription).equals("authenticated");
        cycle(subscription, start, Plans.end(plan, start));
        subscription.put("start_at", start).put("end_at", lastEnd(plan, start, subscription.getLong("total_count")));
        JsonObject invoice =
                invoices.issue(subscription, plan, "plan", amount(subscription), start, Plans.end(plan, start));
        JsonObject payment = invoices.pay(invoice, payer);
        if (announced) {
            store.put(subscription);
            events.emit("subscription.authenticated", subscription, payment);
        }
        settled(subscription, payment, true);
        return payment;
    }

    private static void cycle(JsonObject subscription, long start, long end) {
        subscription.put("current_start", start).put("current_end", end).put("charge_at", end);
    }

    /** What a charge of a cycle makes of the subscription. */
    private void settled(JsonObject subscription, JsonObject payment, boolean activates) {
        if (payment.getString("status").equals("captured")) {
            subscription
                    .put("status", "active")
                    .put("auth_attempts", 0)
                    .put("paid_count", subscription.getLong("paid_count") + 1);
            store.put(subscription);
            if (activates) {
                events.emit("subscription.activated", subscription, payment);
            }
            events.emit("subscription.charged", subscription, payment);
        } else {
            store.put(subscription
                    .put("status", "pending")
                    .put("auth_attempts", subscription.getInteger("auth_attempts") + 1));
            events.emit("subscription.pending", subscription, payment);
        }
    }

    /** The cycle is over now: ends, completes, or renews the subscription, with the charge accepted or declined. */
    JsonObject renew(String id, boolean paid) {
        JsonObject subscription = get(id);
        switch (status(subscription)) {
            case "authenticated" -> {
                begin(subscription.put("start_at", store.now()), mandate(subscription, paid));
                return store.get("subscription", id);
            }
            case "active", "pending", "halted" -> {}
            default -> throw RazorpayProblem.badRequest("Subscription is " + status(subscription));
        }
        if (subscription.getBoolean("_cancel_at_cycle_end", false)) {
            return end(subscription, "cancelled");
        }
        if (subscription.getLong("remaining_count") <= 1) {
            subscription.put("remaining_count", 0);
            return end(subscription, "completed");
        }
        JsonObject wanted = subscription.getJsonObject("_scheduled");
        if (wanted != null) {
            apply(subscription, wanted);
            unschedule(subscription);
            store.put(subscription);
            events.emit("subscription.updated", subscription);
        }
        JsonObject plan = plan(subscription);
        long start = subscription.getLong("current_end");
        cycle(subscription, start, Plans.end(plan, start));
        subscription.put("remaining_count", subscription.getLong("remaining_count") - 1);
        JsonObject invoice = invoices.issue(
                subscription, plan, "plan", amount(subscription), start, subscription.getLong("current_end"));
        boolean halted = status(subscription).equals("halted");
        if (halted) {
            // A halted subscription gets invoices, but nobody charges them.
            return store.put(subscription);
        }
        boolean activates = status(subscription).equals("pending");
        settled(subscription, invoices.pay(invoice, mandate(subscription, paid)), activates);
        return store.get("subscription", id);
    }

    /** The failed charge is tried again: it works, fails once more, or fails for good. */
    JsonObject retry(String id, String outcome) {
        JsonObject subscription = get(id);
        if (!status(subscription).equals("pending")) {
            throw RazorpayProblem.badRequest("Subscription is " + status(subscription));
        }
        JsonObject invoice = invoices.newest(id);
        boolean paid = outcome.equals("paid");
        JsonObject payment = invoices.pay(invoice, mandate(subscription, paid));
        if (outcome.equals("exhausted")) {
            store.put(subscription
                    .put("status", "halted")
                    .put("auth_attempts", subscription.getInteger("auth_attempts") + 1));
            events.emit("subscription.halted", subscription, payment);
        } else {
            settled(subscription, payment, paid);
        }
        return store.get("subscription", id);
    }

    /** An unpaid invoice is paid on its own page; the subscription works again. */
    JsonObject payInvoice(JsonObject invoice, Payer payer) {
        JsonObject payment = invoices.pay(invoice, payer);
        JsonObject subscription = store.find("subscription", invoice.getString("subscription_id"));
        if (subscription != null
                && payer.accepted()
                && List.of("pending", "halted").contains(status(subscription))) {
            settled(subscription, payment, true);
        }
        return payment;
    }

    /** The next moment at which something falls due on a test clock, or null. */
    Long nextDue(String clock) {
        return running(clock).stream()
                .map(Subscriptions::due)
                .min(Long::compare)
                .orElse(null);
    }

    /** Lets happen what is due by now for what lives on a clock. */
    void happen(String clock) {
        for (JsonObject subscription : running(clock)) {
            if (due(subscription) > store.now()) {
                continue;
            }
            String id = subscription.getString("id");
            boolean works = subscription.getJsonObject("_mandate").getBoolean("works", true);
            if (status(subscription).equals("pending") && retryAt(subscription) <= store.now()) {
                boolean last = subscription.getInteger("auth_attempts") >= RETRIES;
                retry(id, works ? "paid" : last ? "exhausted" : "failed");
            } else {
                renew(id, works);
            }
        }
    }

    /** Subscriptions on a clock to which something can still happen. */
    List<JsonObject> running(String clock) {
        return store.all(
                "subscription",
                subscription -> clock.equals(TestClocks.named(subscription)) && RUNNING.contains(status(subscription)));
    }

    private static long due(JsonObject subscription) {
        return switch (status(subscription)) {
            case "authenticated" -> subscription.getLong("start_at");
            case "pending" -> Math.min(retryAt(subscription), subscription.getLong("current_end"));
            default -> subscription.getLong("current_end");
        };
    }

    /** A failed charge is tried again on each of the next days. */
    private static long retryAt(JsonObject subscription) {
        return subscription.getLong("current_start") + subscription.getInteger("auth_attempts") * DAY;
    }

    /** From now on the card works for charges that nobody decides on, or it does not. */
    JsonObject card(String id, boolean works) {
        JsonObject subscription = get(id);
        subscription.getJsonObject("_mandate").put("works", works);
        return store.put(subscription);
    }

    private JsonObject end(JsonObject subscription, String how) {
        store.put(subscription.put("status", how).put("ended_at", store.now()).put("charge_at", null));
        events.emit("subscription." + how, subscription);
        return subscription;
    }

    JsonObject cancel(RazorpayCall call) {
        call.only(Set.of("cancel_at_cycle_end"));
        JsonObject subscription = get(call.id());
        if (List.of("cancelled", "completed", "expired").contains(status(subscription))) {
            throw RazorpayProblem.badRequest("Subscription is not cancellable in " + status(subscription) + " status.");
        }
        if (!call.flag("cancel_at_cycle_end", false)) {
            return end(subscription, "cancelled");
        }
        if (!status(subscription).equals("active")) {
            throw RazorpayProblem.badRequest("Subscription cannot be cancelled since no billing cycle is going on");
        }
        return store.put(subscription.put("_cancel_at_cycle_end", true));
    }

    JsonObject pause(RazorpayCall call) {
        call.only(Set.of("pause_at"));
        JsonObject subscription = get(call.id());
        if (!status(subscription).equals("active")) {
            throw RazorpayProblem.badRequest("Subscription cannot be paused in " + status(subscription) + " status.");
        }
        store.put(subscription
                .put("status", "paused")
                .put("paused_at", store.now())
                .put("pause_initiated_by", "self"));
        events.emit("subscription.paused", subscription);
        return subscription;
    }

    JsonObject resume(RazorpayCall call) {
        call.only(Set.of("resume_at"));
        JsonObject subscription = get(call.id());
        if (!status(subscription).equals("paused")) {
            throw RazorpayProblem.badRequest("Subscription cannot be resumed in " + status(subscription) + " status.");
        }
        store.put(subscription.put("status", "active").put("paused_at", null).put("pause_initiated_by", null));
        events.emit("subscription.resumed", subscription);
        return subscription;
    }

    JsonObject update(RazorpayCall call) {
        call.only(UPDATE);
        JsonObject subscription = get(call.id());
        if (!List.of("authenticated", "active").contains(status(subscription))) {
            throw RazorpayProblem.badRequest("Subscription cannot be updated in " + status(subscription) + " status.");
        }
        if ("upi".equals(subscription.getString("payment_method"))) {
            throw RazorpayProblem.badRequest("Subscription cannot be updated when payment mode is upi");
        }
        JsonObject wanted = call.params().copy();
        String when = call.text("schedule_change_at") == null ? "now" : call.text("schedule_change_at");
        wanted.remove("schedule_change_at");
        wanted.remove("customer_notify");
        wanted.remove("offer_id");
        if (wanted.isEmpty()) {
            throw RazorpayProblem.badRequest("Nothing to update");
        }
        JsonObject plan = store.get("plan", wanted.getString("plan_id", subscription.getString("plan_id")));
        if (!Plans.currency(plan).equals(currency(subscription))) {
            throw RazorpayProblem.badField("plan_id", "The currency of the plan must be that of the subscription.");
        }
        switch (when) {
            case "now" -> updateNow(subscription, wanted, plan);
            case "cycle_end" -> {
                subscription
                        .put("_scheduled", wanted)
                        .put("has_scheduled_changes", true)
                        .put("change_scheduled_at", subscription.getLong("current_end"));
                store.put(subscription);
            }
            default ->
                throw RazorpayProblem.badField("schedule_change_at", "The selected schedule change at is invalid.");
        }
        return subscription;
    }

    /** The difference for the rest of the cycle is charged, or given back from the cycle's payment. */
    private void updateNow(JsonObject subscription, JsonObject wanted, JsonObject plan) {
        long before = amount(subscription);
        long after = Plans.amount(plan) * wanted.getLong("quantity", subscription.getLong("quantity"));
        if (status(subscription).equals("active") && before != after) {
            long from = subscription.getLong("current_start");
            long to = subscription.getLong("current_end");
            long now = Math.clamp(store.now(), from, to);
            long difference = Math.round((double) (after - before) * (to - now) / (to - from));
            if (difference != 0 && Math.abs(difference) < 100) {
                throw RazorpayProblem.badRequest("The difference amount is less than the minimum amount allowed");
            }
            if (difference > 0) {
                JsonObject invoice = invoices.issue(subscription, plan, "addon", difference, now, to);
                boolean works = subscription.getJsonObject("_mandate").getBoolean("works", true);
                JsonObject payment = invoices.pay(invoice, mandate(subscription, works));
                if (!payment.getString("status").equals("captured")) {
                    throw RazorpayProblem.declined("The payment of the difference failed");
                }
            } else if (difference < 0) {
                JsonObject paid = store.get(
                        "payment", invoices.newest(subscription.getString("id")).getString("payment_id"));
                payments.refund(paid, -difference, new JsonArray(), null, "normal");
            }
        }
        apply(subscription, wanted);
        store.put(subscription);
        events.emit("subscription.updated", subscription);
    }

    private void apply(JsonObject subscription, JsonObject wanted) {
        if (wanted.containsKey("plan_id")) {
            subscription.put("plan_id", wanted.getString("plan_id"));
        }
        if (wanted.containsKey("quantity")) {
            subscription.put("quantity", wanted.getLong("quantity"));
        }
        if (wanted.containsKey("remaining_count")) {
            long remaining = wanted.getLong("remaining_count");
            subscription
                    .put("total_count", subscription.getLong("paid_count") + remaining)
                    .put("remaining_count", remaining);
        }
        if (wanted.containsKey("start_at")) {
            subscription.put("start_at", wanted.getLong("start_at"));
        }
    }

    private static void unschedule(JsonObject subscription) {
        subscription.remove("_scheduled");
        subscription.put("has_scheduled_changes", false).put("change_scheduled_at", null);
    }

    /** The subscription as it will be after its scheduled change. */
    JsonObject scheduled(RazorpayCall call) {
        JsonObject subscription = get(call.id());
        JsonObject wanted = subscription.getJsonObject("_scheduled");
        if (wanted == null) {
            throw RazorpayProblem.badRequest("No scheduled changes found for the subscription");
        }
        apply(subscription, wanted);
        return subscription;
    }

    JsonObject cancelScheduled(RazorpayCall call) {
        JsonObject subscription = get(call.id());
        if (subscription.getJsonObject("_scheduled") == null) {
            throw RazorpayProblem.badRequest("No scheduled changes found for the subscription");
        }
        unschedule(subscription);
        return store.put(subscription);
    }

    private JsonObject plan(JsonObject subscription) {
        return store.get("plan", subscription.getString("plan_id"));
    }

    long amount(JsonObject subscription) {
        return Plans.amount(plan(subscription)) * subscription.getLong("quantity");
    }

    String currency(JsonObject subscription) {
        return Plans.currency(plan(subscription));
    }

    private static Payer mandate(JsonObject subscription, boolean accepted) {
        return Payer.of(subscription.getJsonObject("_mandate"), accepted);
    }

    private static Payments.Purpose purpose(JsonObject subscription) {
        return new Payments.Purpose(
                null,
                null,
                subscription.getString("customer_id"),
                "Recurring Payment via Subscription",
                new JsonArray());
    }
}
