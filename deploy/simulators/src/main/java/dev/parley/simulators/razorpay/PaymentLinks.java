package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Payment links: a hosted page for one payment, which sends the customer back afterwards. */
final class PaymentLinks {

    private static final Set<String> CREATE = Set.of(
            "amount",
            "currency",
            "accept_partial",
            "description",
            "customer",
            "expire_by",
            "notify",
            "reference_id",
            "reminder_enable",
            "notes",
            "callback_url",
            "callback_method",
            "upi_link");
    private static final Set<String> UPDATE =
            Set.of("reference_id", "expire_by", "reminder_enable", "notes", "accept_partial");

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Orders orders;
    private final String publicBase;

    PaymentLinks(RazorpayStore store, RazorpayEvents events, Orders orders, String publicBase) {
        this.store = store;
        this.events = events;
        this.orders = orders;
        this.publicBase = publicBase;
    }

    JsonObject create(RazorpayCall call) {
        call.only(CREATE);
        long amount = call.requiredNumber("amount");
        if (amount < 100) {
            throw RazorpayProblem.badField("amount", "amount: must be no less than 100.");
        }
        String reference = call.text("reference_id") == null ? "" : call.text("reference_id");
        if (reference.length() > 40) {
            throw RazorpayProblem.badField("reference_id", "reference_id: the length must be no more than 40.");
        }
        if (!reference.isEmpty()
                && !store.all("payment_link", link -> link.getString("reference_id")
                                .equals(reference))
                        .isEmpty()) {
            throw RazorpayProblem.badRequest("payment link creation failed: reference_id " + reference
                    + " already exists for another payment link");
        }
        long now = store.now();
        Long expireBy = call.number("expire_by");
        if (expireBy != null && expireBy < store.realNow() + 900) {
            throw RazorpayProblem.badField(
                    "expire_by", "expire_by: should be at least 15 minutes ahead of the current time.");
        }
        String id = store.id("plink");
        return store.put(new JsonObject()
                .put("id", id)
                .put("entity", "payment_link")
                .put("accept_partial", false)
                .put("amount", amount)
                .put("amount_paid", 0)
                .put("callback_method", call.text("callback_method") == null ? "" : call.text("callback_method"))
                .put("callback_url", call.text("callback_url") == null ? "" : call.text("callback_url"))
                .put("cancelled_at", 0)
                .put("created_at", now)
                .put("currency", Plans.currency(call))
                .put("customer", call.object("customer").copy())
                .put("description", call.text("description") == null ? "" : call.text("description"))
                .put("expire_by", expireBy == null ? 0 : expireBy)
                .put("expired_at", 0)
                .put("first_min_partial_amount", 0)
                .put("notes", call.notes())
                .put(
                        "notify",
                        new JsonObject().put("email", false).put("sms", false).put("whatsapp", false))
                .put("order_id", null)
                .put("payments", null)
                .put("reference_id", reference)
                .put("reminder_enable", call.flag("reminder_enable", false))
                .put("reminders", new JsonArray())
                .put("short_url", publicBase + "/razorpay/i/" + id)
                .put("status", "created")
                .put("updated_at", now)
                .put("upi_link", false)
                .put("user_id", ""));
    }

    /** Its own wrapping: the list is a member named after the entity. */
    JsonObject list(RazorpayCall call) {
        String reference = call.text("reference_id");
        String payment = call.text("payment_id");
        JsonArray found = store.page("payment_link", call, link -> {
            boolean ofReference = reference == null || reference.equals(link.getString("reference_id"));
            boolean ofPayment = payment == null || payment.equals(paymentOf(link));
            return ofReference && ofPayment;
        });
        return new JsonObject().put("payment_links", found);
    }

    private static String paymentOf(JsonObject link) {
        JsonArray payments = link.getJsonArray("payments");
        return payments == null || payments.isEmpty()
                ? null
                : payments.getJsonObject(0).getString("payment_id");
    }

    JsonObject update(RazorpayCall call) {
        call.only(UPDATE);
        JsonObject link = open(call.id());
        if (call.has("notes")) {
            link.put("notes", call.notes());
        }
        if (call.has("expire_by")) {
            link.put("expire_by", call.number("expire_by"));
        }
        return store.put(link.put("updated_at", store.now()));
    }

    JsonObject cancel(RazorpayCall call) {
        JsonObject link = open(call.id());
        store.put(link.put("status", "cancelled").put("cancelled_at", store.now()));
        events.emit("payment_link.cancelled", link);
        return link;
    }

    private JsonObject open(String id) {
        JsonObject link = store.get("payment_link", id);
        if (!link.getString("status").equals("created")) {
            throw RazorpayProblem.badRequest("payment link is already " + link.getString("status"));
        }
        return link;
    }

    /** Ends a link whose time is over, as Razorpay does by itself. */
    JsonObject current(JsonObject link) {
        long expireBy = link.getLong("expire_by");
        if (link.getString("status").equals("created") && expireBy > 0 && expireBy <= store.realNow()) {
            store.put(link.put("status", "expired").put("expired_at", store.now()));
            events.emit("payment_link.expired", link);
        }
        return link;
    }

    /** Somebody pays on the link's page; the payment, which may have failed. */
    JsonObject pay(JsonObject link, Payer payer) {
        JsonObject order = link.getString("order_id") == null
                ? orders.open(link.getLong("amount"), link.getString("currency"), null, link.getValue("notes"))
                : store.get("order", link.getString("order_id"));
        link.put("order_id", order.getString("id"));
        JsonObject payment = orders.pay(
                order,
                payer,
                new Payments.Purpose(
                        order.getString("id"), null, null, "#" + link.getString("id"), link.getValue("notes")));
        if (payer.accepted()) {
            link.put("status", "paid")
                    .put("amount_paid", link.getLong("amount"))
                    .put("updated_at", store.now())
                    .put(
                            "payments",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("amount", link.getLong("amount"))
                                            .put("created_at", store.now())
                                            .put("method", payer.method())
                                            .put("payment_id", payment.getString("id"))
                                            .put("plink_id", link.getString("id"))
                                            .put("status", "captured")
                                            .put("updated_at", store.now())));
        }
        store.put(link);
        if (payer.accepted()) {
            events.emit("payment_link.paid", link, order, payment);
        }
        return payment;
    }
}
