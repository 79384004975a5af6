package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonObject;

/**
 * Who pays, and with what.
 *
 * @param method card or upi
 * @param vpa the UPI id, or null for a card
 * @param accepted whether the bank says yes
 */
record Payer(String email, String contact, String method, String vpa, boolean accepted) {

    /** The mandate that a subscription keeps, charged without the customer. */
    static Payer of(JsonObject mandate, boolean accepted) {
        return new Payer(
                mandate.getString("email"),
                mandate.getString("contact"),
                mandate.getString("method"),
                mandate.getString("vpa"),
                accepted);
    }

    JsonObject mandate() {
        return new JsonObject()
                .put("email", email)
                .put("contact", contact)
                .put("method", method)
                .put("vpa", vpa);
    }
}
