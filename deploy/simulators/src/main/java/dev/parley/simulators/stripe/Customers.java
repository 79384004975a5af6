package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Who pays. */
final class Customers {

    private static final Set<String> KNOWN = Set.of(
            "address",
            "balance",
            "business_name",
            "cash_balance",
            "default_source",
            "description",
            "email",
            "individual_name",
            "invoice_prefix",
            "invoice_settings",
            "metadata",
            "name",
            "next_invoice_sequence",
            "payment_method",
            "phone",
            "preferred_locales",
            "shipping",
            "source",
            "tax",
            "tax_exempt",
            "tax_id_data",
            "test_clock",
            "validate");
    private static final List<String> PLAIN = List.of("description", "name", "phone");

    private final StripeStore store;
    private final StripeEvents events;
    private final TestClocks clocks;

    Customers(StripeStore store, StripeEvents events, TestClocks clocks) {
        this.store = store;
        this.events = events;
        this.clocks = clocks;
    }

    JsonObject create(StripeCall call) {
        return create(call, call.params().only(KNOWN));
    }

    JsonObject create(StripeCall call, Params params) {
        String clock = params.text("test_clock");
        if (clock != null) {
            clocks.require(clock);
        }
        String id = store.id("cus");
        JsonObject customer = new JsonObject()
                .put("id", id)
                .put("object", "customer")
                .put("address", params.has("address") ? params.object("address").values() : null)
                .put("balance", params.number("balance", 0))
                .put("created", store.now())
                .put("currency", null)
                .put("default_source", null)
                .put("delinquent", false)
                .put("discount", null)
                .put("email", params.email("email"))
                .put("invoice_prefix", id.substring(id.length() - 8).toUpperCase(Locale.ROOT))
                .put(
                        "invoice_settings",
                        new JsonObject()
                                .put("custom_fields", null)
                                .put("default_payment_method", null)
                                .put("footer", null)
                                .put("rendering_options", null))
                .put("livemode", false)
                .put("metadata", params.metadata(new JsonObject()))
                .put("next_invoice_sequence", 1)
                .put("preferred_locales", new JsonArray(params.texts("preferred_locales")))
                .put("shipping", null)
                .put("tax_exempt", params.choice("tax_exempt", "none", "none", "exempt", "reverse"))
                .put("test_clock", clock);
        if (params.object("invoice_settings") != null) {
            settings(customer, params.object("invoice_settings"));
        }
        PLAIN.forEach(name -> customer.put(name, params.text(name)));
        store.put(customer);
        events.emit(call, "customer.created", customer);
        return customer;
    }

    JsonObject get(String id) {
        return store.get("customer", id, "customer");
    }

    JsonObject update(StripeCall call) {
        Params params = call.params().only(KNOWN);
        JsonObject customer = store.get("customer", call.id());
        if (customer.getBoolean("deleted", false)) {
            throw StripeProblem.noSuch("customer", call.id(), "id");
        }
        for (String name : PLAIN) {
            if (params.has(name)) {
                customer.put(name, params.text(name));
            }
        }
        if (params.has("email")) {
            customer.put("email", params.email("email"));
        }
        if (params.has("address")) {
            customer.put(
                    "address",
                    params.object("address") == null
                            ? null
                            : params.object("address").values());
        }
        if (params.object("invoice_settings") != null) {
            settings(customer, params.object("invoice_settings"));
        }
        customer.put("metadata", params.metadata(customer.getJsonObject("metadata")));
        store.put(customer);
        events.emit(call, "customer.updated", customer);
        return customer;
    }

    private void settings(JsonObject customer, Params settings) {
        String method = settings.text("default_payment_method");
        if (method != null) {
            store.get("payment_method", method, "invoice_settings[default_payment_method]");
            customer.getJsonObject("invoice_settings").put("default_payment_method", method);
        }
    }

    JsonObject delete(StripeCall call) {
        JsonObject customer = store.get("customer", call.id());
        events.emit(call, "customer.deleted", customer);
        return store.put(new JsonObject()
                .put("id", call.id())
                .put("object", "customer")
                .put("created", customer.getLong("created"))
                .put("deleted", true));
    }

    /** The next number of this customer's invoices. */
    String nextInvoiceNumber(String id) {
        JsonObject customer = get(id);
        int sequence = customer.getInteger("next_invoice_sequence");
        store.put(customer.put("next_invoice_sequence", sequence + 1));
        return "%s-%04d".formatted(customer.getString("invoice_prefix"), sequence);
    }
}
