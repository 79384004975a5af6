package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The invoices of subscriptions: one per cycle, and one for a change that costs more at once. */
final class Invoices {

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Orders orders;
    private final Payments payments;
    private final String publicBase;

    Invoices(RazorpayStore store, RazorpayEvents events, Orders orders, Payments payments, String publicBase) {
        this.store = store;
        this.events = events;
        this.orders = orders;
        this.payments = payments;
        this.publicBase = publicBase;
    }

    /**
     * Issues an invoice, not paid yet.
     *
     * @param type what its line is: plan, or addon for a change
     */
    JsonObject issue(JsonObject subscription, JsonObject plan, String type, long amount, long from, long to) {
        String currency = Plans.currency(plan);
        JsonObject customer = store.get("customer", subscription.getString("customer_id"));
        JsonObject order = orders.open(amount, currency, null, new JsonArray());
        String id = store.id("inv");
        long now = store.now();
        return store.put(new JsonObject()
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
                .put("subscription_id", subscription.getString("id"))
                .put("line_items", new JsonArray().add(line(subscription, plan, type, amount)))
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
                .put("billing_start", from)
                .put("billing_end", to)
                .put("type", "invoice")
                .put("group_taxes_discounts", false)
                .put("created_at", now)
                .put("idempotency_key", null));
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
                        "Recurring Payment via Subscription",
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
