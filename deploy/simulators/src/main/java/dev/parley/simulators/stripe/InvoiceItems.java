package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What is charged besides subscriptions: an item waits for the next invoice of its subscription, or is put on a draft. */
final class InvoiceItems {

    private static final Set<String> CREATE = Set.of(
            "amount",
            "currency",
            "customer",
            "description",
            "discountable",
            "invoice",
            "metadata",
            "period",
            "subscription");

    private final StripeStore store;
    private final StripeEvents events;
    private final Invoices invoices;

    InvoiceItems(StripeStore store, StripeEvents events, Invoices invoices) {
        this.store = store;
        this.events = events;
        this.invoices = invoices;
    }

    JsonObject create(StripeCall call) {
        Params params = call.params().only(CREATE);
        String customer = params.requiredText("customer");
        store.get("customer", customer, "customer");
        Long amount = params.number("amount");
        if (amount == null) {
            throw StripeProblem.missing("amount");
        }
        String subscription = params.text("subscription");
        if (subscription != null) {
            JsonObject of = store.get("subscription", subscription, "subscription");
            if (of.getString("status").equals("canceled")) {
                throw StripeProblem.invalid(
                        null, "subscription", "You cannot add an invoice item to a canceled subscription.");
            }
            if (!of.getString("customer").equals(customer)) {
                throw StripeProblem.noSuch("subscription", subscription, "subscription");
            }
        }
        long now = store.now();
        Params period = params.object("period");
        JsonObject item = new JsonObject()
                .put("id", store.id("ii_1"))
                .put("object", "invoiceitem")
                .put("amount", amount)
                .put("currency", params.requiredText("currency"))
                .put("customer", customer)
                .put("date", now)
                .put("created", now)
                .put("description", params.text("description"))
                .put("discountable", params.bool("discountable", true))
                .put("discounts", new JsonArray())
                .put("invoice", null)
                .put("livemode", false)
                .put("metadata", params.metadata(new JsonObject()))
                .put("net_amount", amount)
                .put(
                        "parent",
                        subscription == null
                                ? null
                                : new JsonObject()
                                        .put(
                                                "subscription_details",
                                                new JsonObject()
                                                        .put("subscription", subscription)
                                                        .put("subscription_item", null))
                                        .put("type", "subscription_details"))
                .put(
                        "period",
                        new JsonObject()
                                .put("end", period == null ? now : period.number("end", now))
                                .put("start", period == null ? now : period.number("start", now)))
                .put("pricing", null)
                .put("proration", false)
                .put("quantity", 1)
                .put("tax_rates", new JsonArray())
                .put("test_clock", store.get("customer", customer).getString("test_clock"))
                .put("_subscription", subscription);
        String invoice = params.text("invoice");
        if (invoice != null) {
            JsonObject draft = store.get("invoice", invoice, "invoice");
            if (!draft.getString("status").equals("draft")) {
                throw StripeProblem.invalid(
                        "invoice_not_editable",
                        "invoice",
                        "You can only add items to an invoice that has not been finalized.");
            }
            item.put("invoice", invoice);
            invoices.add(draft, line(item));
        }
        store.put(item);
        events.emit(call, "invoiceitem.created", item);
        return item;
    }

    JsonObject delete(StripeCall call) {
        JsonObject item = get(call);
        if (item.getString("invoice") != null) {
            throw StripeProblem.invalid(
                    null,
                    null,
                    "You cannot delete an invoice item that is attached to an invoice that is not a draft.");
        }
        store.put(item.put("_deleted", true));
        events.emit(call, "invoiceitem.deleted", item);
        return new JsonObject()
                .put("id", call.id())
                .put("object", "invoiceitem")
                .put("deleted", true);
    }

    JsonObject get(StripeCall call) {
        JsonObject item = store.get("invoiceitem", call.id());
        if (item.getBoolean("_deleted", false)) {
            throw StripeProblem.noSuch("invoiceitem", call.id(), "id");
        }
        return item;
    }

    static boolean isThere(JsonObject item) {
        return !item.getBoolean("_deleted", false);
    }

    /** What waits for the next invoice of a subscription. */
    List<JsonObject> pending(String subscription) {
        return store.all(
                "invoiceitem",
                item -> isThere(item)
                        && item.getString("invoice") == null
                        && Objects.equals(subscription, item.getString("_subscription")));
    }

    /** The line that an item is on an invoice. */
    JsonObject line(JsonObject item) {
        return new JsonObject()
                .put("id", store.id("il_1"))
                .put("object", "line_item")
                .put("amount", item.getLong("amount"))
                .put("currency", item.getString("currency"))
                .put("description", item.getString("description"))
                .put("discount_amounts", new JsonArray())
                .put("discountable", item.getBoolean("discountable"))
                .put("discounts", new JsonArray())
                .put("invoice", null)
                .put("livemode", false)
                .put("metadata", item.getJsonObject("metadata").copy())
                .put(
                        "parent",
                        new JsonObject()
                                .put(
                                        "invoice_item_details",
                                        new JsonObject()
                                                .put("invoice_item", item.getString("id"))
                                                .put("proration", false)
                                                .put("proration_details", new JsonObject().put("credited_items", null))
                                                .put("subscription", item.getString("_subscription")))
                                .put("subscription_item_details", null)
                                .put("type", "invoice_item_details"))
                .put("period", item.getJsonObject("period").copy())
                .put("pretax_credit_amounts", new JsonArray())
                .put("pricing", null)
                .put("quantity", 1)
                .put("subtotal", item.getLong("amount"))
                .put("taxes", new JsonArray());
    }

    /** The items are on that invoice now. */
    void attached(List<JsonObject> items, String invoice) {
        items.forEach(item -> store.put(item.put("invoice", invoice)));
    }
}
