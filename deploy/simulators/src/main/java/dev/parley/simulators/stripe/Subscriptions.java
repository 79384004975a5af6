package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Subscriptions: start, change with proration, renewal, and end. */
final class Subscriptions {

    private static final Set<String> CREATE = Set.of(
            "automatic_tax",
            "billing_mode",
            "cancel_at_period_end",
            "collection_method",
            "currency",
            "customer",
            "default_payment_method",
            "description",
            "items",
            "metadata",
            "off_session",
            "payment_behavior",
            "payment_settings",
            "proration_behavior",
            "trial_end",
            "trial_period_days",
            "trial_settings");
    private static final Set<String> UPDATE = Set.of(
            "automatic_tax",
            "billing_cycle_anchor",
            "cancel_at",
            "cancel_at_period_end",
            "cancellation_details",
            "collection_method",
            "default_payment_method",
            "description",
            "items",
            "metadata",
            "off_session",
            "payment_behavior",
            "payment_settings",
            "proration_behavior",
            "proration_date",
            "trial_end",
            "trial_settings");
    private static final Set<String> PREVIEW =
            Set.of("automatic_tax", "currency", "customer", "preview_mode", "subscription", "subscription_details");
    private static final Set<String> CANCEL = Set.of("cancellation_details", "invoice_now", "prorate");

    private final StripeStore store;
    private final StripeEvents events;
    private final Catalogue catalogue;
    private final Invoices invoices;
    private final InvoiceItems invoiceItems;
    private final PaymentMethods methods;

    Subscriptions(
            StripeStore store,
            StripeEvents events,
            Catalogue catalogue,
            Invoices invoices,
            InvoiceItems invoiceItems,
            PaymentMethods methods) {
        this.store = store;
        this.events = events;
        this.catalogue = catalogue;
        this.invoices = invoices;
        this.invoiceItems = invoiceItems;
        this.methods = methods;
    }

    /** What a started subscription consists of. */
    record Started(JsonObject subscription, JsonObject invoice) {}

    JsonObject create(StripeCall call) {
        Params params = call.params().only(CREATE);
        String customer = params.requiredText("customer");
        store.get("customer", customer, "customer");
        List<JsonObject> lines = new ArrayList<>();
        for (Params item : params.list("items")) {
            lines.add(
                    new JsonObject().put("price", catalogue.priceOf(item)).put("quantity", item.number("quantity", 1)));
        }
        if (lines.isEmpty()) {
            throw StripeProblem.missing("items");
        }
        String card = params.text("default_payment_method");
        if (card != null) {
            store.get("payment_method", card, "default_payment_method");
        }
        Started started = start(call, customer, lines, params, params.metadata(new JsonObject()), card);
        announce(call, started);
        return started.subscription();
    }

    /** Starts and charges a subscription; announce it afterwards. */
    Started start(
            StripeCall call, String customer, List<JsonObject> lines, Params data, JsonObject metadata, String card) {
        long now = store.now();
        Long trialEnd = data.number("trial_end");
        if (data.number("trial_period_days") != null) {
            trialEnd = now + data.number("trial_period_days") * 86_400;
        }
        String id = store.id("sub_1");
        JsonArray items = new JsonArray();
        for (JsonObject line : lines) {
            JsonObject price = line.getJsonObject("price");
            if (price.getJsonObject("recurring") == null) {
                continue;
            }
            long end = trialEnd == null ? next(now, price.getJsonObject("recurring")) : trialEnd;
            items.add(item(id, price, line.getLong("quantity"), now, end));
        }
        if (items.isEmpty()) {
            throw StripeProblem.invalid(
                    null, "line_items", "You must provide at least one recurring price in `subscription` mode.");
        }
        String currency = items.getJsonObject(0).getJsonObject("price").getString("currency");
        JsonObject subscription = new JsonObject()
                .put("id", id)
                .put("object", "subscription")
                .put("application", null)
                .put("application_fee_percent", null)
                .put(
                        "automatic_tax",
                        new JsonObject()
                                .put("disabled_reason", null)
                                .put("enabled", false)
                                .put("liability", null))
                .put("billing_cycle_anchor", trialEnd == null ? now : trialEnd)
                .put("billing_cycle_anchor_config", null)
                .put("billing_mode", new JsonObject().put("flexible", null).put("type", "classic"))
                .put("billing_thresholds", null)
                .put("cancel_at", null)
                .put("cancel_at_period_end", false)
                .put("canceled_at", null)
                .put(
                        "cancellation_details",
                        new JsonObject()
                                .put("comment", null)
                                .put("feedback", null)
                                .put("reason", null))
                .put("collection_method", "charge_automatically")
                .put("created", now)
                .put("currency", currency)
                .put("customer", customer)
                .put("days_until_due", null)
                .put("default_payment_method", card)
                .put("default_source", null)
                .put("default_tax_rates", new JsonArray())
                .put("description", data.text("description"))
                .put("discounts", new JsonArray())
                .put("ended_at", null)
                .put(
                        "invoice_settings",
                        new JsonObject()
                                .put("account_tax_ids", null)
                                .put("issuer", new JsonObject().put("type", "self")))
                .put("items", StripeStore.list(items, "/v1/subscription_items?subscription=" + id))
                .put("latest_invoice", null)
                .put("livemode", false)
                .put("metadata", metadata.copy())
                .put("next_pending_invoice_item_invoice", null)
                .put("on_behalf_of", null)
                .put("pause_collection", null)
                .put(
                        "payment_settings",
                        new JsonObject()
                                .put("payment_method_options", null)
                                .put("payment_method_types", null)
                                .put("save_default_payment_method", "off"))
                .put("pending_invoice_item_interval", null)
                .put("pending_setup_intent", null)
                .put("pending_update", null)
                .put("schedule", null)
                .put("start_date", now)
                .put("status", trialEnd == null ? "active" : "trialing")
                .put("test_clock", store.get("customer", customer).getString("test_clock"))
                .put("transfer_data", null)
                .put("trial_end", trialEnd)
                .put(
                        "trial_settings",
                        new JsonObject()
                                .put("end_behavior", new JsonObject().put("missing_payment_method", "create_invoice")))
                .put("trial_start", trialEnd == null ? null : now)
                .put("_pending", new JsonArray());
        store.put(subscription);
        JsonObject invoice = invoices.issue(
                call,
                subscription,
                "subscription_create",
                now,
                now,
                lines(subscription, trialEnd != null, periodEnd(subscription)));
        if (invoice.getLong("amount_due") == 0 || methods.isGood(methods.of(subscription))) {
            invoices.pay(call, invoice);
        } else {
            invoices.fail(call, invoice);
            subscription.put("status", "incomplete");
        }
        subscription.put("latest_invoice", invoice.getString("id"));
        store.put(subscription);
        return new Started(subscription, invoice);
    }

    void announce(StripeCall call, Started started) {
        events.emit(call, "customer.subscription.created", started.subscription());
        if (started.invoice().getString("status").equals("paid")) {
            invoices.announcePaid(call, started.invoice());
        }
    }

    private JsonObject item(String subscription, JsonObject price, long quantity, long from, long to) {
        JsonObject recurring = price.getJsonObject("recurring");
        return new JsonObject()
                .put("id", store.id("si"))
                .put("object", "subscription_item")
                .put("billing_thresholds", null)
                .put("created", store.now())
                .put("current_period_end", to)
                .put("current_period_start", from)
                .put("discounts", new JsonArray())
                .put("metadata", new JsonObject())
                .put(
                        "plan",
                        new JsonObject()
                                .put("id", price.getString("id"))
                                .put("object", "plan")
                                .put("active", price.getBoolean("active"))
                                .put("amount", price.getLong("unit_amount"))
                                .put("amount_decimal", price.getString("unit_amount_decimal"))
                                .put("billing_scheme", "per_unit")
                                .put("created", price.getLong("created"))
                                .put("currency", price.getString("currency"))
                                .put("interval", recurring.getString("interval"))
                                .put("interval_count", recurring.getLong("interval_count"))
                                .put("livemode", false)
                                .put("metadata", price.getJsonObject("metadata").copy())
                                .put("nickname", price.getString("nickname"))
                                .put("product", price.getString("product"))
                                .put("usage_type", "licensed"))
                .put("price", price.copy())
                .put("quantity", quantity)
                .put("subscription", subscription)
                .put("tax_rates", new JsonArray());
    }

    private JsonArray lines(JsonObject subscription, boolean free, long to) {
        JsonArray lines = new JsonArray();
        for (JsonObject item : items(subscription)) {
            lines.add(free ? trial(subscription, item, to) : recurring(subscription, item, to));
        }
        return lines;
    }

    private JsonObject trial(JsonObject subscription, JsonObject item, long to) {
        return invoices.line(
                subscription,
                item,
                0,
                "Trial period for " + productName(item),
                false,
                item.getLong("current_period_start"),
                to);
    }

    private JsonObject recurring(JsonObject subscription, JsonObject item, long to) {
        JsonObject price = item.getJsonObject("price");
        return invoices.line(
                subscription,
                item,
                price.getLong("unit_amount") * item.getLong("quantity"),
                item.getLong("quantity") + " × " + productName(item) + " (at "
                        + Money.format(price.getLong("unit_amount"), price.getString("currency")) + " / "
                        + price.getJsonObject("recurring").getString("interval") + ")",
                false,
                item.getLong("current_period_start"),
                to);
    }

    private String productName(JsonObject item) {
        return store.get("product", item.getJsonObject("price").getString("product"))
                .getString("name");
    }

    private static List<JsonObject> items(JsonObject subscription) {
        List<JsonObject> items = new ArrayList<>();
        subscription.getJsonObject("items").getJsonArray("data").forEach(item -> items.add((JsonObject) item));
        return items;
    }

    private static long periodEnd(JsonObject subscription) {
        return items(subscription).getFirst().getLong("current_period_end");
    }

    private static long next(long from, JsonObject recurring) {
        long count = recurring.getLong("interval_count");
        ZonedDateTime start = Instant.ofEpochSecond(from).atZone(ZoneOffset.UTC);
        ZonedDateTime end =
                switch (recurring.getString("interval")) {
                    case "day" -> start.plusDays(count);
                    case "week" -> start.plusWeeks(count);
                    case "year" -> start.plusYears(count);
                    default -> start.plusMonths(count);
                };
        return end.toEpochSecond();
    }

    private JsonObject live(String id) {
        JsonObject subscription = store.get("subscription", id);
        if (subscription.getString("status").equals("canceled")) {
            throw StripeProblem.noSuch("subscription", id, "id");
        }
        return subscription;
    }

    JsonObject update(StripeCall call) {
        Params params = call.params().only(UPDATE);
        JsonObject subscription = live(call.id());
        JsonObject before = subscription.copy();
        if (params.has("cancel_at_period_end")) {
            cancelAtPeriodEnd(subscription, params.bool("cancel_at_period_end", false));
        }
        if (params.has("cancel_at")) {
            Long at = params.number("cancel_at");
            subscription.put("cancel_at", at).put("canceled_at", at == null ? null : store.now());
        }
        if (params.has("description")) {
            subscription.put("description", params.text("description"));
        }
        if (params.has("default_payment_method")) {
            if (params.text("default_payment_method") != null) {
                store.get("payment_method", params.text("default_payment_method"), "default_payment_method");
            }
            subscription.put("default_payment_method", params.text("default_payment_method"));
        }
        subscription.put("metadata", params.metadata(subscription.getJsonObject("metadata")));
        if ("now".equals(params.text("trial_end"))) {
            subscription.put("trial_end", store.now());
        } else if (params.number("trial_end") != null) {
            subscription.put("trial_end", params.number("trial_end")).put("status", "trialing");
        }
        if (params.has("items")) {
            change(call, subscription, params);
        }
        store.put(subscription);
        JsonObject previous = new JsonObject();
        for (String name : before.fieldNames()) {
            if (!name.startsWith("_") && !Objects.equals(before.getValue(name), subscription.getValue(name))) {
                previous.put(name, before.getValue(name));
            }
        }
        if (!previous.isEmpty()) {
            events.emit(call, "customer.subscription.updated", subscription, previous);
        }
        return subscription;
    }

    private void cancelAtPeriodEnd(JsonObject subscription, boolean cancel) {
        subscription
                .put("cancel_at_period_end", cancel)
                .put("cancel_at", cancel ? periodEnd(subscription) : null)
                .put("canceled_at", cancel ? store.now() : null);
        subscription.getJsonObject("cancellation_details").put("reason", cancel ? "cancellation_requested" : null);
    }

    private void change(StripeCall call, JsonObject subscription, Params params) {
        String proration = proration(params);
        JsonArray changes = changed(subscription, params, proration);
        if (changes.isEmpty()) {
            return;
        }
        if (proration.equals("create_prorations")) {
            subscription.getJsonArray("_pending").addAll(changes);
            return;
        }
        boolean good = methods.isGood(methods.of(subscription));
        if (!good
                && params.choice("payment_behavior", "allow_incomplete", "allow_incomplete", "error_if_incomplete")
                        .equals("error_if_incomplete")
                && total(changes) > 0) {
            throw PaymentMethods.declined();
        }
        JsonObject invoice = issue(call, subscription, "subscription_update", store.now(), changes);
        subscription.put("latest_invoice", invoice.getString("id"));
        if (good || invoice.getLong("amount_due") == 0) {
            invoices.pay(call, invoice);
            invoices.announcePaid(call, invoice);
        } else {
            invoices.fail(call, invoice);
            subscription.put("status", "past_due");
        }
    }

    /** As at Stripe, the items that wait for the subscription's next invoice come first on it. */
    private JsonObject issue(StripeCall call, JsonObject subscription, String reason, long at, JsonArray lines) {
        List<JsonObject> waiting = invoiceItems.pending(subscription.getString("id"));
        JsonArray all = new JsonArray();
        waiting.forEach(item -> all.add(invoiceItems.line(item)));
        lines.forEach(all::add);
        JsonObject invoice = invoices.issue(call, subscription, reason, at, at, all);
        invoiceItems.attached(waiting, invoice.getString("id"));
        return invoice;
    }

    private static String proration(Params params) {
        return params.choice("proration_behavior", "create_prorations", "create_prorations", "always_invoice", "none");
    }

    private static long total(JsonArray lines) {
        return lines.stream()
                .mapToLong(line -> ((JsonObject) line).getLong("amount"))
                .sum();
    }

    /** What the next invoice would be after a change, or at the end of the period; nothing is kept. */
    JsonObject preview(StripeCall call) {
        Params params = call.params().only(PREVIEW);
        JsonObject subscription = live(params.requiredText("subscription"));
        Params details = params.object("subscription_details");
        JsonArray lines = new JsonArray();
        String proration = "create_prorations";
        if (details != null && details.has("items")) {
            proration = proration(details);
            lines.addAll(changed(subscription, details, proration));
        }
        if (proration.equals("always_invoice")) {
            return invoices.preview(subscription, "subscription_update", store.now(), store.now(), lines);
        }
        long end = periodEnd(subscription);
        for (JsonObject item : items(subscription)) {
            JsonObject next = item.copy()
                    .put("current_period_start", end)
                    .put(
                            "current_period_end",
                            next(end, item.getJsonObject("price").getJsonObject("recurring")));
            lines.add(recurring(subscription, next, next.getLong("current_period_end")));
        }
        return invoices.preview(subscription, "upcoming", store.now(), end, lines);
    }

    /** Changes the items in place, and returns the lines that make up for it. */
    private JsonArray changed(JsonObject subscription, Params params, String proration) {
        JsonArray changes = new JsonArray();
        long at = params.number("proration_date", store.now());
        JsonArray data = subscription.getJsonObject("items").getJsonArray("data");
        for (Params wanted : params.list("items")) {
            if (wanted.text("id") == null) {
                throw StripeProblem.invalid(
                        null, "items", "The simulator changes items by their id; it does not add new ones.");
            }
            int position = position(data, wanted.text("id"));
            JsonObject old = data.getJsonObject(position);
            boolean newPrice = wanted.has("price") || wanted.has("price_data");
            JsonObject price = newPrice ? catalogue.priceOf(wanted) : old.getJsonObject("price");
            if (price.getJsonObject("recurring") == null) {
                throw StripeProblem.invalid(null, "items", "The price specified is not recurring.");
            }
            JsonObject fresh = item(
                            subscription.getString("id"),
                            price,
                            wanted.number("quantity", old.getLong("quantity")),
                            old.getLong("current_period_start"),
                            old.getLong("current_period_end"))
                    .put("id", old.getString("id"));
            data.set(position, fresh);
            if (!proration.equals("none") && subscription.getString("status").equals("active")) {
                if (at < old.getLong("current_period_start") || at > old.getLong("current_period_end")) {
                    throw StripeProblem.invalid(
                            null,
                            "proration_date",
                            "Cannot specify proration date outside of current subscription period.");
                }
                changes.add(prorated(subscription, old, -1, "Unused time on ", at));
                changes.add(prorated(subscription, fresh, 1, "Remaining time on ", at));
            }
        }
        return changes;
    }

    private static int position(JsonArray items, String id) {
        for (int i = 0; i < items.size(); i++) {
            if (items.getJsonObject(i).getString("id").equals(id)) {
                return i;
            }
        }
        throw StripeProblem.noSuch("subscription item", id, "items");
    }

    private JsonObject prorated(JsonObject subscription, JsonObject item, int sign, String what, long now) {
        long from = item.getLong("current_period_start");
        long to = item.getLong("current_period_end");
        JsonObject price = item.getJsonObject("price");
        long whole = price.getLong("unit_amount") * item.getLong("quantity");
        long amount = sign * Math.round((double) whole * (to - now) / (to - from));
        String name = store.get("product", price.getString("product")).getString("name");
        return invoices.line(subscription, item, amount, what + name, true, now, to);
    }

    JsonObject cancel(StripeCall call) {
        call.params().only(CANCEL);
        JsonObject subscription = live(call.id());
        subscription.getJsonObject("cancellation_details").put("reason", "cancellation_requested");
        end(call, subscription);
        return subscription;
    }

    private void end(StripeCall call, JsonObject subscription) {
        long now = store.now();
        subscription.put("status", "canceled").put("ended_at", now);
        if (subscription.getLong("canceled_at") == null) {
            subscription.put("canceled_at", now);
        }
        store.put(subscription);
        events.emit(call, "customer.subscription.deleted", subscription);
    }

    /** The period is over: renews, with the card accepted or declined, or ends a subscription that was to be cancelled. */
    JsonObject renew(String id, boolean paid) {
        return renew(live(id), paid);
    }

    private JsonObject renew(JsonObject subscription, boolean paid) {
        if (subscription.getBoolean("cancel_at_period_end")) {
            end(null, subscription);
            return subscription;
        }
        JsonObject previous = new JsonObject().put("status", subscription.getString("status"));
        for (JsonObject item : items(subscription)) {
            long from = item.getLong("current_period_end");
            item.put("current_period_start", from)
                    .put(
                            "current_period_end",
                            next(from, item.getJsonObject("price").getJsonObject("recurring")));
        }
        JsonArray lines = lines(subscription, false, periodEnd(subscription));
        lines.addAll(subscription.getJsonArray("_pending"));
        subscription.put("_pending", new JsonArray());
        long from = items(subscription).getFirst().getLong("current_period_start");
        JsonObject invoice = issue(null, subscription, "subscription_cycle", from, lines);
        subscription.put("latest_invoice", invoice.getString("id"));
        if (paid) {
            invoices.pay(null, invoice);
            subscription.put("status", "active");
        } else {
            subscription.put("status", "past_due");
        }
        store.put(subscription);
        events.emit(null, "customer.subscription.updated", subscription, previous);
        if (paid) {
            invoices.announcePaid(null, invoice);
        } else {
            invoices.fail(null, invoice);
        }
        return subscription;
    }

    /** Pays an open invoice; the subscription is active again. */
    JsonObject payInvoice(StripeCall call) {
        JsonObject invoice = store.get("invoice", call.id());
        if (!invoice.getString("status").equals("open")) {
            throw StripeProblem.invalid("invoice_not_editable", null, "Invoice is already paid");
        }
        String card = call.params().text("payment_method");
        if (Invoices.subscriptionOf(invoice) == null) {
            if (!methods.isGood(card == null ? methods.ofCustomer(invoice.getString("customer")) : card)) {
                invoices.fail(call, invoice);
                throw PaymentMethods.declined();
            }
            invoices.pay(call, invoice);
            invoices.announcePaid(call, invoice);
            return invoice;
        }
        JsonObject subscription = store.get("subscription", Invoices.subscriptionOf(invoice));
        if (!methods.isGood(card == null ? methods.of(subscription) : card)) {
            invoices.fail(call, invoice);
            throw PaymentMethods.declined();
        }
        paid(call, subscription, invoice);
        return invoice;
    }

    private void paid(StripeCall call, JsonObject subscription, JsonObject invoice) {
        invoices.pay(call, invoice);
        String before = subscription.getString("status");
        if (Set.of("past_due", "unpaid", "incomplete").contains(before)) {
            subscription.put("status", "active");
            store.put(subscription);
            events.emit(call, "customer.subscription.updated", subscription, new JsonObject().put("status", before));
        }
        invoices.announcePaid(call, invoice);
    }

    /** When something next falls due for what lives on a clock: the end of a period, another try at a payment; or null. */
    Long nextDue(String clock) {
        return running(clock).stream()
                .map(this::due)
                .filter(Objects::nonNull)
                .min(Long::compare)
                .orElse(null);
    }

    /** The farthest that a clock may go at once, or null when nothing lives on it. */
    Long twoPeriodsOn(String clock) {
        return running(clock).stream()
                .map(subscription -> {
                    JsonObject recurring = items(subscription)
                            .getFirst()
                            .getJsonObject("price")
                            .getJsonObject("recurring");
                    return next(
                            next(store.get("test_helpers.test_clock", clock).getLong("frozen_time"), recurring),
                            recurring);
                })
                .min(Long::compare)
                .orElse(null);
    }

    private List<JsonObject> running(String clock) {
        return store.all(
                "subscription",
                subscription -> clock.equals(subscription.getString("test_clock"))
                        && Set.of("active", "trialing", "past_due").contains(subscription.getString("status")));
    }

    private Long due(JsonObject subscription) {
        Long retry = retry(subscription);
        long end = periodEnd(subscription);
        return retry == null ? (Long) end : (Long) Math.min(retry, end);
    }

    private Long retry(JsonObject subscription) {
        JsonObject invoice = store.find("invoice", subscription.getString("latest_invoice"));
        return subscription.getString("status").equals("past_due")
                        && invoice != null
                        && invoice.getString("status").equals("open")
                ? invoice.getLong("next_payment_attempt")
                : null;
    }

    /** Lets happen what is due by now for what lives on a clock. */
    void happen(String clock) {
        for (JsonObject subscription : running(clock)) {
            Long retry = retry(subscription);
            if (retry != null && retry <= store.now()) {
                tryAgain(subscription);
            } else if (periodEnd(subscription) <= store.now()) {
                renew(subscription, methods.isGood(methods.of(subscription)));
            }
        }
    }

    private void tryAgain(JsonObject subscription) {
        JsonObject invoice = store.get("invoice", subscription.getString("latest_invoice"));
        if (methods.isGood(methods.of(subscription))) {
            paid(null, subscription, invoice);
            return;
        }
        invoices.fail(null, invoice);
        if (invoice.getLong("next_payment_attempt") == null) {
            store.put(subscription.put("status", "unpaid"));
            events.emit(
                    null, "customer.subscription.updated", subscription, new JsonObject().put("status", "past_due"));
        }
    }
}
