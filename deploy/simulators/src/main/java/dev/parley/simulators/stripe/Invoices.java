package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What a subscription charged, and whether it was paid. */
final class Invoices {

    private static final long RETRY_AFTER_SECONDS = Duration.ofDays(3).toSeconds();

    private static final int RETRIES = 3;
    private static final Set<String> CREATE = Set.of(
            "auto_advance",
            "collection_method",
            "currency",
            "customer",
            "default_payment_method",
            "description",
            "metadata",
            "pending_invoice_items_behavior");

    private final StripeStore store;
    private final StripeEvents events;
    private final Customers customers;
    private final Payments payments;
    private final String publicBase;

    Invoices(StripeStore store, StripeEvents events, Customers customers, Payments payments, String publicBase) {
        this.store = store;
        this.events = events;
        this.customers = customers;
        this.payments = payments;
        this.publicBase = publicBase;
    }

    /** Issues an invoice for lines of {@link #line}, open, not announced as paid yet. */
    JsonObject issue(StripeCall call, JsonObject subscription, String reason, long from, long to, JsonArray lines) {
        JsonObject invoice = compose(store.id("in_1"), subscription, reason, from, to, lines)
                .put("number", customers.nextInvoiceNumber(subscription.getString("customer")));
        store.put(invoice);
        events.emit(call, "invoice.created", invoice);
        events.emit(call, "invoice.finalized", invoice);
        return invoice;
    }

    /** Drafts an invoice of a customer that belongs to no subscription. */
    JsonObject draft(StripeCall call) {
        Params params = call.params().only(CREATE);
        String customer = params.requiredText("customer");
        JsonObject of = store.get("customer", customer, "customer");
        if (!params.choice("pending_invoice_items_behavior", "exclude", "exclude", "include")
                .equals("exclude")) {
            throw StripeProblem.invalid(
                    null, "pending_invoice_items_behavior", "The simulator does not include pending items.");
        }
        JsonObject none = new JsonObject()
                .put("customer", customer)
                .put("currency", params.text("currency") == null ? "usd" : params.text("currency"))
                .put("metadata", new JsonObject())
                .put("test_clock", of.getString("test_clock"));
        long now = store.now();
        JsonObject invoice = compose(store.id("in_1"), none, "manual", now, now, new JsonArray())
                .put("parent", null)
                .put("auto_advance", params.bool("auto_advance", false))
                .put("default_payment_method", params.text("default_payment_method"))
                .put("description", params.text("description"))
                .put("effective_at", null)
                .put("metadata", params.metadata(new JsonObject()))
                .put("status", "draft");
        invoice.getJsonObject("status_transitions").put("finalized_at", null);
        store.put(invoice);
        events.emit(call, "invoice.created", invoice);
        return invoice;
    }

    /** Adds a line to a draft. */
    void add(JsonObject draft, JsonObject line) {
        JsonArray lines = draft.getJsonObject("lines").getJsonArray("data");
        lines.add(line.put("invoice", draft.getString("id")));
        draft.getJsonObject("lines").put("total_count", lines.size());
        long total = lines.stream()
                .mapToLong(each -> ((JsonObject) each).getLong("amount"))
                .sum();
        for (String sum : List.of("subtotal", "subtotal_excluding_tax", "total", "total_excluding_tax")) {
            draft.put(sum, total);
        }
        store.put(draft.put("amount_due", Math.max(0, total)).put("amount_remaining", Math.max(0, total)));
    }

    /** A draft becomes an invoice; one that advances by itself is charged at once. */
    JsonObject finalized(StripeCall call, PaymentMethods methods) {
        Params params = call.params().only(Set.of("auto_advance"));
        JsonObject invoice = store.get("invoice", call.id());
        if (!invoice.getString("status").equals("draft")) {
            throw StripeProblem.invalid(
                    "invoice_not_editable", null, "This invoice is already finalized, you can't re-finalize it.");
        }
        boolean advances = params.bool("auto_advance", invoice.getBoolean("auto_advance"));
        invoice.put("status", "open")
                .put("auto_advance", advances)
                .put("effective_at", store.now())
                .put("number", customers.nextInvoiceNumber(invoice.getString("customer")));
        invoice.getJsonObject("status_transitions").put("finalized_at", store.now());
        store.put(invoice);
        events.emit(call, "invoice.finalized", invoice);
        if (invoice.getLong("amount_due") == 0 || (advances && paysByItself(invoice, methods))) {
            pay(call, invoice);
            announcePaid(call, invoice);
        } else if (advances) {
            fail(call, invoice);
        }
        return invoice;
    }

    /** Of no subscription: by its own card, else its customer's; never by one that only a subscription has. */
    private static boolean paysByItself(JsonObject invoice, PaymentMethods methods) {
        String own = invoice.getString("default_payment_method");
        String card = own == null ? methods.ofCustomer(invoice.getString("customer")) : own;
        return card != null && methods.isGood(card);
    }

    /** An invoice as it would be issued; nothing is kept. */
    JsonObject preview(JsonObject subscription, String reason, long from, long to, JsonArray lines) {
        JsonObject invoice = compose("upcoming_" + store.id("in_1"), subscription, reason, from, to, lines)
                .put("status", "draft");
        invoice.getJsonObject("status_transitions").put("finalized_at", null);
        return invoice;
    }

    private JsonObject compose(String id, JsonObject subscription, String reason, long from, long to, JsonArray lines) {
        String customerId = subscription.getString("customer");
        JsonObject customer = customers.get(customerId);
        long total = 0;
        for (int i = 0; i < lines.size(); i++) {
            JsonObject line = lines.getJsonObject(i).put("invoice", id);
            total += line.getLong("amount");
        }
        long due = Math.max(0, total);
        long now = store.now();
        return new JsonObject()
                .put("id", id)
                .put("object", "invoice")
                .put("account_country", "IN")
                .put("account_name", "Parley (simulated)")
                .put("account_tax_ids", null)
                .put("amount_due", due)
                .put("amount_overpaid", 0)
                .put("amount_paid", 0)
                .put("amount_remaining", due)
                .put("amount_shipping", 0)
                .put("application", null)
                .put("attempt_count", 0)
                .put("attempted", false)
                .put("auto_advance", true)
                .put(
                        "automatic_tax",
                        new JsonObject()
                                .put("disabled_reason", null)
                                .put("enabled", false)
                                .put("liability", null)
                                .put("provider", null)
                                .put("status", null))
                .put("automatically_finalizes_at", null)
                .put("billing_reason", reason)
                .put("collection_method", "charge_automatically")
                .put("created", now)
                .put("currency", subscription.getString("currency"))
                .put("custom_fields", null)
                .put("customer", customerId)
                .put("customer_address", customer.getValue("address"))
                .put("customer_email", customer.getString("email"))
                .put("customer_name", customer.getString("name"))
                .put("customer_phone", customer.getString("phone"))
                .put("customer_shipping", null)
                .put("customer_tax_exempt", "none")
                .put("customer_tax_ids", new JsonArray())
                .put("default_payment_method", null)
                .put("default_source", null)
                .put("default_tax_rates", new JsonArray())
                .put("description", null)
                .put("discounts", new JsonArray())
                .put("due_date", null)
                .put("effective_at", now)
                .put("ending_balance", 0)
                .put("footer", null)
                .put("from_invoice", null)
                .put("hosted_invoice_url", publicBase + "/stripe/invoice/" + id)
                .put("invoice_pdf", null)
                .put("issuer", new JsonObject().put("type", "self"))
                .put("last_finalization_error", null)
                .put("latest_revision", null)
                .put("lines", StripeStore.list(lines, "/v1/invoices/" + id + "/lines"))
                .put("livemode", false)
                .put("metadata", new JsonObject())
                .put("next_payment_attempt", null)
                .put("number", null)
                .put("on_behalf_of", null)
                .put(
                        "parent",
                        new JsonObject()
                                .put("quote_details", null)
                                .put(
                                        "subscription_details",
                                        new JsonObject()
                                                .put(
                                                        "metadata",
                                                        subscription
                                                                .getJsonObject("metadata")
                                                                .copy())
                                                .put("subscription", subscription.getString("id")))
                                .put("type", "subscription_details"))
                .put(
                        "payment_settings",
                        new JsonObject()
                                .put("default_mandate", null)
                                .put("payment_method_options", null)
                                .put("payment_method_types", null))
                .put("period_end", to)
                .put("period_start", from)
                .put("post_payment_credit_notes_amount", 0)
                .put("pre_payment_credit_notes_amount", 0)
                .put("receipt_number", null)
                .put("rendering", null)
                .put("shipping_cost", null)
                .put("shipping_details", null)
                .put("starting_balance", 0)
                .put("statement_descriptor", null)
                .put("status", "open")
                .put(
                        "status_transitions",
                        new JsonObject()
                                .put("finalized_at", now)
                                .put("marked_uncollectible_at", null)
                                .put("paid_at", null)
                                .put("voided_at", null))
                .put("subtotal", total)
                .put("subtotal_excluding_tax", total)
                .put("test_clock", subscription.getString("test_clock"))
                .put("total", total)
                .put("total_discount_amounts", new JsonArray())
                .put("total_excluding_tax", total)
                .put("total_pretax_credit_amounts", new JsonArray())
                .put("total_taxes", new JsonArray())
                .put("webhooks_delivered_at", now);
    }

    /** One line for a subscription item, or for a change of it within a period. */
    JsonObject line(
            JsonObject subscription,
            JsonObject item,
            long amount,
            String description,
            boolean proration,
            long from,
            long to) {
        JsonObject price = item.getJsonObject("price");
        return new JsonObject()
                .put("id", store.id("il_1"))
                .put("object", "line_item")
                .put("amount", amount)
                .put("currency", price.getString("currency"))
                .put("description", description)
                .put("discount_amounts", new JsonArray())
                .put("discountable", !proration)
                .put("discounts", new JsonArray())
                .put("invoice", null)
                .put("livemode", false)
                .put("metadata", subscription.getJsonObject("metadata").copy())
                .put(
                        "parent",
                        new JsonObject()
                                .put("invoice_item_details", null)
                                .put(
                                        "subscription_item_details",
                                        new JsonObject()
                                                .put("invoice_item", null)
                                                .put("proration", proration)
                                                .put("proration_details", new JsonObject().put("credited_items", null))
                                                .put("subscription", subscription.getString("id"))
                                                .put("subscription_item", item.getString("id")))
                                .put("type", "subscription_item_details"))
                .put("period", new JsonObject().put("end", to).put("start", from))
                .put("pretax_credit_amounts", new JsonArray())
                .put(
                        "pricing",
                        new JsonObject()
                                .put(
                                        "price_details",
                                        new JsonObject()
                                                .put("price", price.getString("id"))
                                                .put("product", price.getString("product")))
                                .put("type", "price_details")
                                .put("unit_amount_decimal", price.getString("unit_amount_decimal")))
                .put("quantity", item.getLong("quantity"))
                .put("subtotal", amount)
                .put("taxes", new JsonArray());
    }

    /** Marks the invoice paid, with the payment that did it unless nothing was due. */
    void pay(StripeCall call, JsonObject invoice) {
        long due = invoice.getLong("amount_due");
        long now = store.now();
        if (due > 0) {
            JsonObject intent = payments.succeed(
                    call, invoice.getString("customer"), due, invoice.getString("currency"), new JsonObject());
            payment(invoice, intent, "paid");
            invoice.put("attempt_count", invoice.getInteger("attempt_count") + 1);
        }
        invoice.put("amount_paid", due)
                .put("amount_remaining", 0)
                .put("attempted", true)
                .put("auto_advance", false)
                .put("next_payment_attempt", null)
                .put("status", "paid");
        invoice.getJsonObject("status_transitions").put("paid_at", now);
        store.put(invoice);
    }

    void announcePaid(StripeCall call, JsonObject invoice) {
        events.emit(call, "invoice.paid", invoice);
        events.emit(call, "invoice.payment_succeeded", invoice);
    }

    /** The card was declined: the invoice stays open and is tried again after three days, three times. */
    void fail(StripeCall call, JsonObject invoice) {
        JsonObject intent = payments.decline(
                call,
                invoice.getString("customer"),
                invoice.getLong("amount_due"),
                invoice.getString("currency"),
                new JsonObject());
        payment(invoice, intent, "open");
        int attempts = invoice.getInteger("attempt_count") + 1;
        invoice.put("attempted", true)
                .put("attempt_count", attempts)
                .put("next_payment_attempt", attempts > RETRIES ? null : (Long) (store.now() + RETRY_AFTER_SECONDS));
        store.put(invoice);
        events.emit(call, "invoice.payment_failed", invoice);
    }

    private void payment(JsonObject invoice, JsonObject intent, String status) {
        boolean paid = status.equals("paid");
        store.put(new JsonObject()
                .put("id", store.id("inpay_1"))
                .put("object", "invoice_payment")
                .put("amount_paid", paid ? invoice.getLong("amount_due") : null)
                .put("amount_requested", invoice.getLong("amount_due"))
                .put("created", store.now())
                .put("currency", invoice.getString("currency"))
                .put("invoice", invoice.getString("id"))
                .put("is_default", true)
                .put("livemode", false)
                .put(
                        "payment",
                        new JsonObject()
                                .put("payment_intent", intent.getString("id"))
                                .put("type", "payment_intent"))
                .put("status", status)
                .put(
                        "status_transitions",
                        new JsonObject().put("canceled_at", null).put("paid_at", paid ? store.now() : null)));
    }

    /** The subscription an invoice belongs to, or null. */
    static String subscriptionOf(JsonObject invoice) {
        JsonObject parent = invoice.getJsonObject("parent");
        return parent == null
                ? null
                : parent.getJsonObject("subscription_details").getString("subscription");
    }
}
