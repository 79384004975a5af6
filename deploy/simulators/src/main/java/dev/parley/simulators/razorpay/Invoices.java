package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** The invoices of subscriptions: one per cycle, and one for a change that costs more at once. */
final class Invoices {

    private static final Set<String> CREATE = Set.of(
            "type",
            "description",
            "customer_id",
            "line_items",
            "currency",
            "receipt",
            "notes",
            "email_notify",
            "sms_notify");

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Orders orders;
    private final Payments payments;
    private final Addons addons;
    private final String publicBase;

    Invoices(
            RazorpayStore store,
            RazorpayEvents events,
            Orders orders,
            Payments payments,
            Addons addons,
            String publicBase) {
        this.store = store;
        this.events = events;
        this.orders = orders;
        this.payments = payments;
        this.addons = addons;
        this.publicBase = publicBase;
    }

    /**
     * Issues an invoice, not paid yet.
     *
     * @param type what its line is: plan, or addon for a change
     */
    JsonObject issue(JsonObject subscription, JsonObject plan, String type, long amount, long from, long to) {
        JsonArray lines = new JsonArray().add(line(subscription, plan, type, amount));
        List<JsonObject> waiting = type.equals("plan") ? addons.pending(subscription.getString("id")) : List.of();
        waiting.forEach(addon ->
                lines.add(Addons.line(store, addon.getJsonObject("item"), addon.getLong("quantity"), "addon")));
        JsonObject invoice = store.put(compose(subscription.getString("customer_id"), Plans.currency(plan), lines)
                .put("subscription_id", subscription.getString("id"))
                .put("billing_start", from)
                .put("billing_end", to));
        addons.attached(waiting, invoice.getString("id"));
        return invoice;
    }

    /** An invoice that is sent to a customer, who pays it on its page. */
    JsonObject create(RazorpayCall call) {
        call.only(CREATE);
        if (!call.requiredText("type").equals("invoice")) {
            throw RazorpayProblem.badField("type", "The simulator makes invoices only.");
        }
        String receipt = call.text("receipt");
        if (receipt != null && receipt.length() > 40) {
            throw RazorpayProblem.badField("receipt", "receipt: the length must be no more than 40.");
        }
        JsonObject customer = store.get("customer", call.requiredText("customer_id"));
        if (!(call.params().getValue("line_items") instanceof JsonArray items) || items.isEmpty()) {
            throw RazorpayProblem.missing("line_items");
        }
        JsonArray lines = new JsonArray();
        for (int i = 0; i < items.size(); i++) {
            JsonObject described = items.getJsonObject(i).copy();
            long quantity = described.getLong("quantity", 1L);
            described.remove("quantity");
            lines.add(Addons.line(
                    store, Addons.item(store, new RazorpayCall(List.of(), described, null)), quantity, "invoice"));
        }
        return store.put(compose(customer.getString("id"), Plans.currency(call), lines)
                .put("receipt", receipt)
                .put("invoice_number", receipt)
                .put("description", call.text("description"))
                .put("notes", call.notes())
                .put("email_status", call.flag("email_notify", true) ? "sent" : null)
                .put("sms_status", call.flag("sms_notify", true) ? "sent" : null));
    }

    private JsonObject compose(String customerId, String currency, JsonArray lines) {
        long amount = lines.stream()
                .mapToLong(line -> ((JsonObject) line).getLong("amount"))
                .sum();
        JsonObject customer = store.get("customer", customerId);
        JsonObject order = orders.open(amount, currency, null, new JsonArray());
        String id = store.id("inv");
        long now = store.now();
        return new JsonObject()
                .put("id", id)
                .put("entity", "invoice")
                .put("receipt", null)
                .put("invoice_number", null)
                .put("customer_id", customer.getString("id"))
                .put(
                        "customer_details",
                        new JsonObject()
                                .put("id", customer.getString("id"))
                                .put("name", customer.getString("name"))
                                .put("email", customer.getString("email"))
                                .put("contact", customer.getString("contact"))
                                .put("gstin", customer.getString("gstin"))
                                .put("billing_address", null)
                                .put("shipping_address", null)
                                .put("customer_name", customer.getString("name"))
                                .put("customer_email", customer.getString("email"))
                                .put("customer_contact", customer.getString("contact")))
                .put("order_id", order.getString("id"))
                .put("subscription_id", null)
                .put("line_items", lines)
                .put("payment_id", null)
                .put("status", "issued")
                .put("expire_by", null)
                .put("issued_at", now)
                .put("paid_at", null)
                .put("cancelled_at", null)
                .put("expired_at", null)
                .put("sms_status", null)
                .put("email_status", null)
                .put("date", now)
                .put("terms", null)
                .put("partial_payment", false)
                .put("gross_amount", amount)
                .put("tax_amount", 0)
                .put("taxable_amount", amount)
                .put("amount", amount)
                .put("amount_paid", 0)
                .put("amount_due", amount)
                .put("currency", currency)
                .put("currency_symbol", currency.equals("INR") ? "₹" : currency)
                .put("description", null)
                .put("notes", new JsonArray())
                .put("comment", null)
                .put("short_url", publicBase + "/razorpay/i/" + id)
                .put("view_less", true)
                .put("billing_start", null)
                .put("billing_end", null)
                .put("type", "invoice")
                .put("group_taxes_discounts", false)
                .put("created_at", now)
                .put("idempotency_key", null);
    }

    private JsonObject line(JsonObject subscription, JsonObject plan, String type, long amount) {
        return new JsonObject()
                .put("id", store.id("li"))
                .put("item_id", null)
                .put("ref_id", null)
                .put("ref_type", null)
                .put("name", plan.getJsonObject("item").getString("name"))
                .put("description", plan.getJsonObject("item").getString("description"))
                .put("amount", amount)
                .put("unit_amount", type.equals("plan") ? (Long) Plans.amount(plan) : (Long) amount)
                .put("gross_amount", amount)
                .put("tax_amount", 0)
                .put("taxable_amount", amount)
                .put("net_amount", amount)
                .put("currency", Plans.currency(plan))
                .put("type", type)
                .put("tax_inclusive", false)
                .put("hsn_code", null)
                .put("sac_code", null)
                .put("tax_rate", null)
                .put("unit", null)
                .put("quantity", type.equals("plan") ? subscription.getLong("quantity") : (Long) 1L)
                .put("taxes", new JsonArray());
    }

    /** Charges an invoice; the payment, which may have failed. Announces the invoice when it is paid. */
    JsonObject pay(JsonObject invoice, Payer payer) {
        JsonObject payment = orders.pay(
                store.get("order", invoice.getString("order_id")),
                payer,
                new Payments.Purpose(
                        invoice.getString("order_id"),
                        invoice.getString("id"),
                        invoice.getString("customer_id"),
                        invoice.getString("subscription_id") == null ? "Invoice" : "Recurring Payment via Subscription",
                        new JsonArray()));
        if (payer.accepted()) {
            store.put(invoice.put("status", "paid")
                    .put("payment_id", payment.getString("id"))
                    .put("paid_at", store.now())
                    .put("amount_paid", invoice.getLong("amount"))
                    .put("amount_due", 0));
            events.emit("invoice.paid", payment, store.get("order", invoice.getString("order_id")), invoice);
        }
        return payment;
    }

    /** The newest invoice of a cycle, or null. */
    JsonObject newest(String subscriptionId) {
        return store
                .all(
                        "invoice",
                        invoice -> subscriptionId.equals(invoice.getString("subscription_id")) && isOfCycle(invoice))
                .reversed()
                .stream()
                .findFirst()
                .orElse(null);
    }

    static boolean isOfCycle(JsonObject invoice) {
        return invoice.getJsonArray("line_items")
                .getJsonObject(0)
                .getString("type")
                .equals("plan");
    }

    JsonObject cancel(RazorpayCall call) {
        JsonObject invoice = store.get("invoice", call.id());
        if (!invoice.getString("status").equals("issued")) {
            throw RazorpayProblem.badRequest(
                    "Operation not allowed for Invoice in " + invoice.getString("status") + " status.");
        }
        return store.put(invoice.put("status", "cancelled").put("cancelled_at", store.now()));
    }
}
