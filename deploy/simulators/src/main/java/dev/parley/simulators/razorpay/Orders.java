package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** Orders: an amount that one payment settles. */
final class Orders {

    private static final Set<String> CREATE =
            Set.of("amount", "currency", "receipt", "notes", "partial_payment", "unique_receipt", "customer_id");

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Payments payments;

    Orders(RazorpayStore store, RazorpayEvents events, Payments payments) {
        this.store = store;
        this.events = events;
        this.payments = payments;
    }

    JsonObject create(RazorpayCall call) {
        call.only(CREATE);
        String receipt = call.text("receipt");
        if (receipt != null && receipt.length() > 40) {
            throw RazorpayProblem.badField("receipt", "receipt: the length must be no more than 40.");
        }
        if (receipt != null && call.flag("unique_receipt", false)) {
            List<JsonObject> same = store.all("order", order -> receipt.equals(order.getString("receipt")));
            if (!same.isEmpty()) {
                return same.getFirst();
            }
        }
        if (call.requiredNumber("amount") < 100) {
            throw RazorpayProblem.badField("amount", "Order amount less than minimum amount allowed");
        }
        return open(call.number("amount"), Plans.currency(call), receipt, call.notes());
    }

    JsonObject open(long amount, String currency, String receipt, Object notes) {
        return store.put(new JsonObject()
                .put("id", store.id("order"))
                .put("entity", "order")
                .put("amount", amount)
                .put("amount_paid", 0)
                .put("amount_due", amount)
                .put("currency", currency)
                .put("receipt", receipt)
                .put("offer_id", null)
                .put("status", "created")
                .put("attempts", 0)
                .put("notes", notes)
                .put("created_at", store.now()));
    }

    JsonObject update(RazorpayCall call) {
        call.only(Set.of("notes"));
        return store.put(store.get("order", call.id()).put("notes", call.notes()));
    }

    JsonArray paymentsOf(RazorpayCall call) {
        store.get("order", call.id());
        JsonArray found = new JsonArray();
        store.all("payment", payment -> call.id().equals(payment.getString("order_id")))
                .forEach(payment -> found.add(RazorpayStore.view(payment)));
        return found;
    }

    /** Somebody pays an order; the payment, which may have failed. */
    JsonObject pay(JsonObject order, Payer payer, Payments.Purpose purpose) {
        order.put("attempts", order.getInteger("attempts") + 1);
        JsonObject payment = payments.charge(payer, order.getLong("amount"), order.getString("currency"), purpose);
        if (payer.accepted()) {
            order.put("status", "paid")
                    .put("amount_paid", order.getLong("amount"))
                    .put("amount_due", 0);
        } else {
            order.put("status", "attempted");
        }
        store.put(order);
        payments.announce(payment);
        if (payer.accepted()) {
            events.emit("order.paid", order, payment);
        }
        return payment;
    }
}
