package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** Payment intents, their charges, and refunds of them. */
final class Payments {

    private static final Set<String> REFUND = Set.of(
            "amount",
            "charge",
            "currency",
            "customer",
            "instructions_email",
            "metadata",
            "origin",
            "payment_intent",
            "reason",
            "refund_application_fee",
            "reverse_transfer");

    private static final Set<String> CREATE = Set.of(
            "amount",
            "automatic_payment_methods",
            "confirm",
            "currency",
            "customer",
            "description",
            "metadata",
            "off_session",
            "payment_method",
            "payment_method_types",
            "return_url");
    private static final Set<String> CONFIRM = Set.of("off_session", "payment_method", "return_url");

    private final StripeStore store;
    private final StripeEvents events;
    private final PaymentMethods methods;

    Payments(StripeStore store, StripeEvents events, PaymentMethods methods) {
        this.store = store;
        this.events = events;
        this.methods = methods;
    }

    /** Takes the money: an intent that succeeded, with its charge. */
    JsonObject succeed(StripeCall call, String customer, long amount, String currency, JsonObject metadata) {
        return succeed(call, intent(customer, amount, currency, metadata));
    }

    private JsonObject succeed(StripeCall call, JsonObject intent) {
        long amount = intent.getLong("amount");
        JsonObject charge = charge(intent);
        intent.put("latest_charge", charge.getString("id"))
                .put("amount_received", amount)
                .put("status", "succeeded");
        store.put(intent);
        events.emit(call, "payment_intent.succeeded", intent);
        events.emit(call, "charge.succeeded", charge);
        return intent;
    }

    /** An intent whose card was declined. */
    JsonObject decline(StripeCall call, String customer, long amount, String currency, JsonObject metadata) {
        return decline(call, intent(customer, amount, currency, metadata));
    }

    private JsonObject decline(StripeCall call, JsonObject intent) {
        JsonObject charge = store.put(charge(intent)
                .put("amount_captured", 0)
                .put("captured", false)
                .put("failure_code", "card_declined")
                .put("failure_message", "Your card was declined.")
                .put("paid", false)
                .put("status", "failed"));
        intent.put("latest_charge", charge.getString("id"))
                .put("status", "requires_payment_method")
                .put(
                        "last_payment_error",
                        new JsonObject()
                                .put("code", "card_declined")
                                .put("decline_code", "generic_decline")
                                .put("message", "Your card was declined.")
                                .put("type", "card_error"));
        store.put(intent);
        events.emit(call, "payment_intent.payment_failed", intent);
        events.emit(call, "charge.failed", charge);
        return intent;
    }

    JsonObject create(StripeCall call) {
        Params params = call.params().only(CREATE);
        params.requiredText("currency");
        params.requiredText("amount");
        if (params.number("amount") < 1) {
            throw StripeProblem.invalid(
                    "parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.");
        }
        String customer = params.text("customer");
        if (customer != null) {
            store.get("customer", customer, "customer");
        }
        JsonObject intent = intent(
                        customer, params.number("amount"), params.text("currency"), params.metadata(new JsonObject()))
                .put("description", params.text("description"))
                .put("payment_method", params.text("payment_method"))
                .put("status", params.has("payment_method") ? "requires_confirmation" : "requires_payment_method");
        store.put(intent);
        events.emit(call, "payment_intent.created", intent);
        return params.bool("confirm", false) ? confirm(call, intent) : intent;
    }

    JsonObject confirm(StripeCall call) {
        Params params = call.params().only(CONFIRM);
        JsonObject intent = store.get("payment_intent", call.id());
        if (!intent.getString("status").startsWith("requires_")) {
            throw StripeProblem.invalid(
                    "payment_intent_unexpected_state",
                    null,
                    "You cannot confirm this PaymentIntent because it has a status of " + intent.getString("status")
                            + ".");
        }
        if (params.has("payment_method")) {
            intent.put("payment_method", params.text("payment_method"));
        }
        return confirm(call, intent);
    }

    private JsonObject confirm(StripeCall call, JsonObject intent) {
        String method = intent.getString("payment_method");
        if (method == null) {
            throw StripeProblem.invalid(
                    "payment_intent_unexpected_state",
                    null,
                    "You cannot confirm this PaymentIntent because it's missing a payment method.");
        }
        boolean good = method.startsWith("pm_card_")
                ? method.equals("pm_card_visa") || method.equals("pm_card_mastercard")
                : methods.isGood(method);
        if (!good) {
            decline(call, intent);
            throw PaymentMethods.declined();
        }
        return succeed(call, intent);
    }

    JsonObject cancel(StripeCall call) {
        JsonObject intent = store.get("payment_intent", call.id());
        if (!intent.getString("status").startsWith("requires_")) {
            throw StripeProblem.invalid(
                    "payment_intent_unexpected_state",
                    null,
                    "You cannot cancel this PaymentIntent because it has a status of " + intent.getString("status")
                            + ".");
        }
        store.put(intent.put("status", "canceled").put("canceled_at", store.now()));
        events.emit(call, "payment_intent.canceled", intent);
        return intent;
    }

    private JsonObject intent(String customer, long amount, String currency, JsonObject metadata) {
        String id = store.id("pi_3");
        return new JsonObject()
                .put("id", id)
                .put("object", "payment_intent")
                .put("amount", amount)
                .put("amount_capturable", 0)
                .put("amount_received", 0)
                .put("application", null)
                .put("application_fee_amount", null)
                .put("automatic_payment_methods", null)
                .put("canceled_at", null)
                .put("cancellation_reason", null)
                .put("capture_method", "automatic")
                .put("client_secret", store.id(id + "_secret"))
                .put("confirmation_method", "automatic")
                .put("created", store.now())
                .put("currency", currency)
                .put("customer", customer)
                .put("description", null)
                .put("last_payment_error", null)
                .put("latest_charge", null)
                .put("livemode", false)
                .put("metadata", metadata.copy())
                .put("next_action", null)
                .put("payment_method", store.id("pm_1"))
                .put("payment_method_types", new JsonArray().add("card"))
                .put("processing", null)
                .put("receipt_email", null)
                .put("setup_future_usage", null)
                .put("shipping", null)
                .put("statement_descriptor", null)
                .put("status", "processing")
                .put("transfer_group", null);
    }

    private JsonObject charge(JsonObject intent) {
        long amount = intent.getLong("amount");
        return store.put(new JsonObject()
                .put("id", store.id("ch_3"))
                .put("object", "charge")
                .put("amount", amount)
                .put("amount_captured", amount)
                .put("amount_refunded", 0)
                .put("balance_transaction", null)
                .put("captured", true)
                .put("created", store.now())
                .put("currency", intent.getString("currency"))
                .put("customer", intent.getString("customer"))
                .put("description", null)
                .put("disputed", false)
                .put("failure_code", null)
                .put("failure_message", null)
                .put("livemode", false)
                .put("metadata", intent.getJsonObject("metadata").copy())
                .put(
                        "outcome",
                        new JsonObject()
                                .put("network_status", "approved_by_network")
                                .put("reason", null)
                                .put("risk_level", "normal")
                                .put("seller_message", "Payment complete.")
                                .put("type", "authorized"))
                .put("paid", true)
                .put("payment_intent", intent.getString("id"))
                .put("payment_method", intent.getString("payment_method"))
                .put(
                        "payment_method_details",
                        new JsonObject()
                                .put(
                                        "card",
                                        new JsonObject().put("brand", "visa").put("last4", "4242"))
                                .put("type", "card"))
                .put("receipt_email", null)
                .put("receipt_url", null)
                .put("refunded", false)
                .put("status", "succeeded"));
    }

    JsonObject refund(StripeCall call) {
        Params params = call.params().only(REFUND);
        JsonObject charge;
        if (params.text("charge") != null) {
            charge = store.get("charge", params.text("charge"), "charge");
        } else if (params.text("payment_intent") != null) {
            JsonObject intent = store.get("payment_intent", params.text("payment_intent"), "payment_intent");
            if (intent.getString("latest_charge") == null) {
                throw StripeProblem.invalid(
                        "payment_intent_unexpected_state",
                        "payment_intent",
                        "This PaymentIntent (" + intent.getString("id")
                                + ") does not have a successful charge to refund.");
            }
            charge = store.get("charge", intent.getString("latest_charge"), "charge");
        } else {
            throw StripeProblem.invalid(
                    "parameter_missing",
                    null,
                    "One of the following params should be provided: payment_intent, charge.");
        }
        long before = charge.getLong("amount_refunded");
        long left = charge.getLong("amount") - before;
        long amount = params.number("amount", left);
        if (!charge.getBoolean("paid")) {
            throw StripeProblem.invalid(
                    null, "charge", "Charge " + charge.getString("id") + " was not paid, so it cannot be refunded.");
        }
        if (left == 0) {
            throw StripeProblem.invalid(
                    "charge_already_refunded",
                    null,
                    "Charge " + charge.getString("id") + " has already been refunded.");
        }
        if (amount < 1 || amount > left) {
            throw StripeProblem.invalid(
                    "amount_too_large", "amount", "Refund amount is greater than unrefunded amount on charge.");
        }
        charge.put("amount_refunded", before + amount).put("refunded", amount == left);
        store.put(charge);
        JsonObject refund = store.put(new JsonObject()
                .put("id", store.id("re_3"))
                .put("object", "refund")
                .put("amount", amount)
                .put("balance_transaction", null)
                .put("charge", charge.getString("id"))
                .put("created", store.now())
                .put("currency", charge.getString("currency"))
                .put("metadata", params.metadata(new JsonObject()))
                .put("payment_intent", charge.getString("payment_intent"))
                .put("reason", params.choice("reason", null, "duplicate", "fraudulent", "requested_by_customer"))
                .put("receipt_number", null)
                .put("status", "succeeded"));
        events.emit(call, "charge.refunded", charge, new JsonObject().put("amount_refunded", before));
        events.emit(call, "refund.created", refund);
        return refund;
    }
}
