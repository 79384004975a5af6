package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Payments and their refunds. Every payment is captured at once. */
final class Payments {

    private static final Set<String> REFUND = Set.of("amount", "speed", "notes", "receipt", "payment_id");

    private record Remembered(JsonObject request, String refundId) {}

    private final RazorpayStore store;
    private final RazorpayEvents events;
    private final Map<String, Remembered> refundsByKey = new HashMap<>();

    Payments(RazorpayStore store, RazorpayEvents events) {
        this.store = store;
        this.events = events;
    }

    /** What a payment is for: its order, its invoice or null, and a text for people. */
    record Purpose(String orderId, String invoiceId, String customerId, String description, Object notes) {}

    /** Charges; the payment that failed when the bank says no. Nothing is announced yet. */
    JsonObject charge(Payer payer, long amount, String currency, Purpose purpose) {
        boolean accepted = payer.accepted();
        boolean card = payer.method().equals("card");
        long fee = accepted ? amount / 50 : 0;
        return store.put(new JsonObject()
                .put("id", store.id("pay"))
                .put("entity", "payment")
                .put("amount", amount)
                .put("currency", currency)
                .put("status", accepted ? "captured" : "failed")
                .put("order_id", purpose.orderId())
                .put("invoice_id", purpose.invoiceId())
                .put("international", false)
                .put("method", payer.method())
                .put("amount_refunded", 0)
                .put("refund_status", null)
                .put("captured", accepted)
                .put("description", purpose.description())
                .put("card_id", card ? store.id("card") : null)
                .put("bank", null)
                .put("wallet", null)
                .put("vpa", payer.vpa())
                .put("email", payer.email())
                .put("contact", payer.contact())
                .put("customer_id", purpose.customerId())
                .put("notes", purpose.notes())
                .put("fee", accepted ? (Long) fee : null)
                .put("tax", accepted ? (Long) (fee * 18 / 118) : null)
                .put("error_code", accepted ? null : "BAD_REQUEST_ERROR")
                .put("error_description", accepted ? null : "Your payment has been declined by the bank.")
                .put("error_source", accepted ? null : "issuer")
                .put("error_step", accepted ? null : "payment_authorization")
                .put("error_reason", accepted ? null : "payment_failed")
                .put("acquirer_data", new JsonObject())
                .put("created_at", store.now()));
    }

    void announce(JsonObject payment) {
        if (payment.getString("status").equals("captured")) {
            events.emit("payment.captured", payment);
        } else {
            events.emit("payment.failed", payment);
        }
    }

    /** Every payment is captured already. */
    JsonObject capture(RazorpayCall call) {
        store.get("payment", call.id());
        throw RazorpayProblem.badRequest("This payment has already been captured");
    }

    JsonObject update(RazorpayCall call) {
        call.only(Set.of("notes"));
        JsonObject payment = store.get("payment", call.id());
        return store.put(payment.put("notes", call.notes()));
    }

    JsonObject refund(RazorpayCall call) {
        call.only(REFUND);
        String paymentId = call.ids().isEmpty() ? call.requiredText("payment_id") : call.id();
        JsonObject payment = store.get("payment", paymentId);
        JsonObject request = call.params().copy().put("payment_id", paymentId);
        Remembered before = call.refundKey() == null ? null : refundsByKey.get(call.refundKey());
        if (before != null) {
            if (!before.request().equals(request)) {
                throw RazorpayProblem.badRequest(
                        "Different request with the same idempotency key has already been processed.");
            }
            return store.get("refund", before.refundId());
        }
        if (call.refundKey() != null && !call.refundKey().matches("[A-Za-z0-9_-]{10,}")) {
            throw RazorpayProblem.badRequest("The idempotency key must be at least 10 characters long.");
        }
        JsonObject refund = refund(
                payment,
                call.number("amount", payment.getLong("amount") - payment.getLong("amount_refunded")),
                call.notes(),
                call.text("receipt"),
                call.text("speed") == null ? "normal" : call.text("speed"));
        if (call.refundKey() != null) {
            refundsByKey.put(call.refundKey(), new Remembered(request, refund.getString("id")));
        }
        return refund;
    }

    JsonObject refund(JsonObject payment, long amount, Object notes, String receipt, String speed) {
        if (!payment.getString("status").matches("captured|refunded")) {
            throw RazorpayProblem.badRequest("The payment status should be captured for action to be taken");
        }
        long left = payment.getLong("amount") - payment.getLong("amount_refunded");
        if (left == 0) {
            throw RazorpayProblem.badRequest("The payment has been fully refunded already");
        }
        if (amount < 1 || amount > left) {
            throw RazorpayProblem.badField(
                    "amount", "The total refund amount is greater than the refund payment amount");
        }
        JsonObject refund = store.put(new JsonObject()
                .put("id", store.id("rfnd"))
                .put("entity", "refund")
                .put("amount", amount)
                .put("currency", payment.getString("currency"))
                .put("payment_id", payment.getString("id"))
                .put("notes", notes)
                .put("receipt", receipt)
                .put("acquirer_data", new JsonObject().put("arn", null))
                .put("created_at", store.now())
                .put("batch_id", null)
                .put("status", "processed")
                .put("speed_processed", "normal")
                .put("speed_requested", speed));
        boolean whole = amount == left;
        store.put(payment.put("amount_refunded", payment.getLong("amount_refunded") + amount)
                .put("refund_status", whole ? "full" : "partial")
                .put("status", whole ? "refunded" : "captured"));
        events.emit("refund.created", refund, payment);
        events.emit("refund.processed", refund, payment);
        return refund;
    }

    /** A refund that its payment's path names. */
    JsonObject refundOf(RazorpayCall call) {
        JsonObject refund = store.get("refund", call.ids().getLast());
        if (!refund.getString("payment_id").equals(call.id())) {
            throw RazorpayProblem.noSuchId();
        }
        return refund;
    }

    JsonArray refundsOf(RazorpayCall call) {
        store.get("payment", call.id());
        return store.page(
                "refund", call, refund -> refund.getString("payment_id").equals(call.id()));
    }
}
