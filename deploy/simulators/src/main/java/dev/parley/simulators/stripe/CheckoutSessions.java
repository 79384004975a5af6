package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Checkout sessions: opened by API, then paid, left, or let expire. */
final class CheckoutSessions {

    private static final long LIFE_SECONDS = Duration.ofDays(1).toSeconds();
    private static final Set<String> CREATE = Set.of(
            "adaptive_pricing",
            "allow_promotion_codes",
            "automatic_tax",
            "billing_address_collection",
            "cancel_url",
            "client_reference_id",
            "consent_collection",
            "currency",
            "custom_fields",
            "custom_text",
            "customer",
            "customer_creation",
            "customer_email",
            "customer_update",
            "expires_at",
            "integration_identifier",
            "invoice_creation",
            "line_items",
            "locale",
            "metadata",
            "mode",
            "name_collection",
            "origin_context",
            "payment_intent_data",
            "payment_method_collection",
            "payment_method_options",
            "payment_method_types",
            "phone_number_collection",
            "saved_payment_method_options",
            "submit_type",
            "subscription_data",
            "success_url",
            "tax_id_collection",
            "ui_mode");
    private static final Set<String> LINE = Set.of(
            "adjustable_quantity", "dynamic_tax_rates", "metadata", "price", "price_data", "quantity", "tax_rates");

    private final StripeStore store;
    private final StripeEvents events;
    private final Customers customers;
    private final Catalogue catalogue;
    private final Payments payments;
    private final Subscriptions subscriptions;
    private final PaymentMethods methods;
    private final String publicBase;

    CheckoutSessions(
            StripeStore store,
            StripeEvents events,
            Customers customers,
            Catalogue catalogue,
            Payments payments,
            Subscriptions subscriptions,
            PaymentMethods methods,
            String publicBase) {
        this.store = store;
        this.events = events;
        this.customers = customers;
        this.catalogue = catalogue;
        this.payments = payments;
        this.subscriptions = subscriptions;
        this.methods = methods;
        this.publicBase = publicBase;
    }

    JsonObject create(StripeCall call) {
        Params params = call.params().only(CREATE);
        params.requiredText("mode");
        String mode = params.choice("mode", null, "payment", "subscription");
        if (params.url("success_url") == null) {
            throw StripeProblem.missing("success_url");
        }
        if (params.has("customer") && params.has("customer_email")) {
            throw StripeProblem.invalid(
                    null, "customer", "You may only specify one of these parameters: customer, customer_email.");
        }
        if (mode.equals("payment") && params.has("subscription_data")) {
            throw StripeProblem.invalid(
                    null, "subscription_data", "You can not pass `subscription_data` in `payment` mode.");
        }
        if (mode.equals("subscription") && params.has("payment_intent_data")) {
            throw StripeProblem.invalid(
                    null, "payment_intent_data", "You can not pass `payment_intent_data` in `subscription` mode.");
        }
        String customer = params.text("customer");
        if (customer != null) {
            store.get("customer", customer, "customer");
        }
        JsonArray lines = lines(params, mode);
        long total = 0;
        for (int i = 0; i < lines.size(); i++) {
            total += lines.getJsonObject(i).getLong("amount_total");
        }
        if (params.object("subscription_data") != null && trial(params.object("subscription_data"))) {
            total = 0;
        }
        String id = store.id("cs_test");
        long now = store.now();
        boolean subscription = mode.equals("subscription");
        JsonObject session = new JsonObject()
                .put("id", id)
                .put("object", "checkout.session")
                .put("adaptive_pricing", null)
                .put("after_expiration", null)
                .put("allow_promotion_codes", null)
                .put("amount_subtotal", total)
                .put("amount_total", total)
                .put(
                        "automatic_tax",
                        new JsonObject()
                                .put("enabled", false)
                                .put("liability", null)
                                .put("provider", null)
                                .put("status", null))
                .put("billing_address_collection", params.text("billing_address_collection"))
                .put("cancel_url", params.url("cancel_url"))
                .put("client_reference_id", params.text("client_reference_id"))
                .put("client_secret", null)
                .put("collected_information", null)
                .put("consent", null)
                .put("consent_collection", null)
                .put("created", now)
                .put("currency", lines.getJsonObject(0).getString("currency"))
                .put("currency_conversion", null)
                .put("custom_fields", new JsonArray())
                .put("custom_text", new JsonObject())
                .put("customer", customer)
                .put("customer_creation", customer != null ? null : subscription ? "always" : "if_required")
                .put("customer_details", null)
                .put("customer_email", params.email("customer_email"))
                .put("discounts", new JsonArray())
                .put("expires_at", params.number("expires_at", now + LIFE_SECONDS))
                .put("invoice", null)
                .put("invoice_creation", subscription ? null : new JsonObject().put("enabled", false))
                .put("livemode", false)
                .put("locale", params.text("locale"))
                .put("metadata", params.metadata(new JsonObject()))
                .put("mode", mode)
                .put("origin_context", null)
                .put("payment_intent", null)
                .put("payment_link", null)
                .put("payment_method_collection", subscription ? "always" : "if_required")
                .put("payment_method_configuration_details", null)
                .put("payment_method_options", new JsonObject())
                .put("payment_method_types", new JsonArray().add("card"))
                .put("payment_status", "unpaid")
                .put("permissions", null)
                .put("phone_number_collection", new JsonObject().put("enabled", false))
                .put("recovered_from", null)
                .put("saved_payment_method_options", null)
                .put("setup_intent", null)
                .put("shipping_address_collection", null)
                .put("shipping_cost", null)
                .put("shipping_options", new JsonArray())
                .put("status", "open")
                .put("submit_type", params.text("submit_type"))
                .put("subscription", null)
                .put("success_url", params.url("success_url"))
                .put(
                        "total_details",
                        new JsonObject()
                                .put("amount_discount", 0)
                                .put("amount_shipping", 0)
                                .put("amount_tax", 0))
                .put("ui_mode", params.choice("ui_mode", "hosted_page", "hosted_page", "hosted"))
                .put("url", publicBase + "/stripe/checkout/pay/" + id)
                .put("wallet_options", null)
                .put("_line_items", lines)
                .put("_subscription_data", data(params, "subscription_data"))
                .put("_payment_intent_data", data(params, "payment_intent_data"));
        return store.put(session);
    }

    private static JsonObject data(Params params, String name) {
        return params.object(name) == null
                ? new JsonObject()
                : params.object(name).values();
    }

    private static boolean trial(Params subscriptionData) {
        return subscriptionData.number("trial_period_days") != null || subscriptionData.number("trial_end") != null;
    }

    private JsonArray lines(Params params, String mode) {
        List<Params> wanted = params.list("line_items");
        if (wanted.isEmpty()) {
            throw StripeProblem.missing("line_items");
        }
        JsonArray lines = new JsonArray();
        boolean recurring = false;
        for (Params line : wanted) {
            line.only(LINE);
            JsonObject price = catalogue.priceOf(line);
            recurring |= price.getJsonObject("recurring") != null;
            if (mode.equals("payment") && recurring) {
                throw StripeProblem.invalid(
                        null,
                        "line_items",
                        "You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode"
                                + " or use only one-time prices.");
            }
            long quantity = line.number("quantity", 1);
            if (quantity < 1) {
                throw StripeProblem.invalid(
                        "parameter_invalid_integer", "line_items", "This value must be greater than or equal to 1.");
            }
            long amount = price.getLong("unit_amount") * quantity;
            lines.add(new JsonObject()
                    .put("id", store.id("li_1"))
                    .put("object", "item")
                    .put("amount_discount", 0)
                    .put("amount_subtotal", amount)
                    .put("amount_tax", 0)
                    .put("amount_total", amount)
                    .put("currency", price.getString("currency"))
                    .put(
                            "description",
                            store.get("product", price.getString("product")).getString("name"))
                    .put("price", price.copy())
                    .put("quantity", quantity));
        }
        if (mode.equals("subscription") && !recurring) {
            throw StripeProblem.invalid(
                    null, "line_items", "You must provide at least one recurring price in `subscription` mode.");
        }
        return lines;
    }

    /** The session, expired by now if its time is over, or null. */
    JsonObject find(String id) {
        JsonObject session = store.find("checkout.session", id);
        if (session != null
                && session.getString("status").equals("open")
                && session.getLong("expires_at") < store.now()) {
            expire(null, session);
        }
        return session;
    }

    JsonObject get(StripeCall call) {
        find(call.id());
        return store.get("checkout.session", call.id());
    }

    JsonObject update(StripeCall call) {
        JsonObject session = get(call);
        session.put("metadata", call.params().metadata(session.getJsonObject("metadata")));
        return store.put(session);
    }

    JsonObject lineItems(StripeCall call) {
        return StripeStore.list(
                get(call).getJsonArray("_line_items").copy(), "/v1/checkout/sessions/" + call.id() + "/line_items");
    }

    JsonObject expire(StripeCall call) {
        JsonObject session = get(call);
        if (!session.getString("status").equals("open")) {
            throw StripeProblem.invalid(
                    null,
                    null,
                    "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a"
                            + " status of `" + session.getString("status") + "`.");
        }
        expire(call, session);
        return session;
    }

    private void expire(StripeCall call, JsonObject session) {
        store.put(session.put("status", "expired").put("url", null));
        events.emit(call, "checkout.session.expired", session);
    }

    /** The customer's card was declined: the session stays open, and the attempt can be seen as an event. */
    void decline(JsonObject session) {
        payments.decline(
                null,
                session.getString("customer"),
                session.getLong("amount_total"),
                session.getString("currency"),
                new JsonObject());
    }

    /** The customer paid with a card of those last digits: makes what was bought and announces it. */
    void pay(JsonObject session, String email, String name, String card) {
        String customer = session.getString("customer");
        if (customer == null) {
            JsonObject details = new JsonObject().put("email", email).put("name", name);
            customer = customers.create(null, new Params(details)).getString("id");
        }
        session.put("customer", customer)
                .put(
                        "customer_details",
                        new JsonObject()
                                .put("address", null)
                                .put("business_name", null)
                                .put("email", email)
                                .put("individual_name", null)
                                .put("name", name)
                                .put("phone", null)
                                .put("tax_exempt", "none")
                                .put("tax_ids", new JsonArray()))
                .put("payment_status", session.getLong("amount_total") == 0 ? "no_payment_required" : "paid")
                .put("status", "complete")
                .put("url", null);
        if (session.getString("mode").equals("subscription")) {
            Params data = new Params(session.getJsonObject("_subscription_data"));
            List<JsonObject> lines = new ArrayList<>();
            session.getJsonArray("_line_items").forEach(line -> lines.add((JsonObject) line));
            Subscriptions.Started started = subscriptions.start(
                    null, customer, lines, data, data.metadata(new JsonObject()), methods.keep(customer, card));
            session.put("subscription", started.subscription().getString("id"))
                    .put("invoice", started.invoice().getString("id"));
            store.put(session);
            events.emit(null, "checkout.session.completed", session);
            subscriptions.announce(null, started);
        } else {
            Params data = new Params(session.getJsonObject("_payment_intent_data"));
            JsonObject intent = payments.succeed(
                    null,
                    customer,
                    session.getLong("amount_total"),
                    session.getString("currency"),
                    data.metadata(new JsonObject()));
            session.put("payment_intent", intent.getString("id"));
            store.put(session);
            events.emit(null, "checkout.session.completed", session);
        }
    }
}
