package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;

/** Customers' cards: Stripe's test cards, of which some are declined at once and some only when they are charged. */
final class PaymentMethods {

    private static final Set<String> CREATE =
            Set.of("allow_redisplay", "billing_details", "card", "customer", "metadata", "type");

    /** Last digits of Stripe's test cards by the names of its test payment methods and tokens. */
    private static final Map<String, String> TEST_CARDS = Map.of(
            "visa", "4242",
            "mastercard", "4444",
            "chargeCustomerFail", "0341",
            "chargeDeclined", "0002");

    private final StripeStore store;
    private final StripeEvents events;

    PaymentMethods(StripeStore store, StripeEvents events) {
        this.store = store;
        this.events = events;
    }

    JsonObject create(StripeCall call) {
        Params params = call.params().only(CREATE);
        params.requiredText("type");
        params.choice("type", null, "card");
        Params card = params.object("card");
        if (card == null) {
            throw StripeProblem.missing("card");
        }
        String number = card.text("number");
        String token = card.text("token");
        if (number == null && token == null) {
            throw StripeProblem.missing("card[number]");
        }
        String last4 = number != null
                ? number.replaceAll("\\D", "").replaceAll("^.*(?=.{4}$)", "")
                : testCard(token.replaceFirst("^tok_", ""));
        return store.put(method(null, last4).put("metadata", params.metadata(new JsonObject())));
    }

    private static String testCard(String name) {
        String last4 = TEST_CARDS.get(name);
        if (last4 == null) {
            throw StripeProblem.invalid("resource_missing", "card[token]", "No such token: 'tok_" + name + "'");
        }
        return last4;
    }

    JsonObject attach(StripeCall call) {
        String customer = call.params().only(Set.of("customer")).requiredText("customer");
        store.get("customer", customer, "customer");
        JsonObject method = call.id().startsWith("pm_card_")
                ? method(null, testCard(call.id().substring("pm_card_".length())))
                : store.get("payment_method", call.id());
        if (last4(method).equals("0002")) {
            throw declined();
        }
        store.put(method.put("customer", customer));
        events.emit(call, "payment_method.attached", method);
        return method;
    }

    JsonObject detach(StripeCall call) {
        JsonObject method = store.get("payment_method", call.id());
        store.put(method.put("customer", null));
        events.emit(call, "payment_method.detached", method);
        return method;
    }

    /** Keeps the card that a customer paid with on a page; returns its id. */
    String keep(String customer, String last4) {
        return store.put(method(customer, last4)).getString("id");
    }

    private JsonObject method(String customer, String last4) {
        return new JsonObject()
                .put("id", store.id("pm_1"))
                .put("object", "payment_method")
                .put("allow_redisplay", "unspecified")
                .put(
                        "billing_details",
                        new JsonObject()
                                .put("address", null)
                                .put("email", null)
                                .put("name", null)
                                .put("phone", null))
                .put(
                        "card",
                        new JsonObject()
                                .put("brand", last4.equals("4444") ? "mastercard" : "visa")
                                .put("country", "IN")
                                .put("exp_month", 12)
                                .put("exp_year", 2044)
                                .put("funding", "credit")
                                .put("last4", last4))
                .put("created", store.now())
                .put("customer", customer)
                .put("livemode", false)
                .put("metadata", new JsonObject())
                .put("type", "card");
    }

    private static String last4(JsonObject method) {
        return method.getJsonObject("card").getString("last4");
    }

    /** Whether a card can be charged; one that is not known here can. */
    boolean isGood(String id) {
        JsonObject method = id == null ? null : store.find("payment_method", id);
        return method == null || !Set.of("0341", "0002").contains(last4(method));
    }

    /** The card that pays for a subscription: its own, else its customer's. */
    String of(JsonObject subscription) {
        if (subscription.getString("default_payment_method") != null) {
            return subscription.getString("default_payment_method");
        }
        return ofCustomer(subscription.getString("customer"));
    }

    /** The card that a customer pays with when nothing else is said, or null. */
    String ofCustomer(String customer) {
        JsonObject found = customer == null ? null : store.find("customer", customer);
        JsonObject settings = found == null ? null : found.getJsonObject("invoice_settings");
        return settings == null ? null : settings.getString("default_payment_method");
    }

    static StripeProblem declined() {
        return new StripeProblem(
                402, "card_error", "card_declined", null, "generic_decline", "Your card was declined.");
    }
}
