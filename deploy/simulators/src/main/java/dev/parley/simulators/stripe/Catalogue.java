package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;

/** Products and their prices. */
final class Catalogue {

    private static final Set<String> PRODUCT = Set.of(
            "active",
            "default_price_data",
            "description",
            "id",
            "images",
            "marketing_features",
            "metadata",
            "name",
            "package_dimensions",
            "shippable",
            "statement_descriptor",
            "tax_code",
            "type",
            "unit_label",
            "url");
    private static final Set<String> PRICE = Set.of(
            "active",
            "billing_scheme",
            "currency",
            "lookup_key",
            "metadata",
            "nickname",
            "product",
            "product_data",
            "recurring",
            "tax_behavior",
            "transfer_lookup_key",
            "unit_amount",
            "unit_amount_decimal");
    private static final Set<String> PRICE_DATA = Set.of(
            "currency", "product", "product_data", "recurring", "tax_behavior", "unit_amount", "unit_amount_decimal");

    private final StripeStore store;
    private final StripeEvents events;

    Catalogue(StripeStore store, StripeEvents events) {
        this.store = store;
        this.events = events;
    }

    JsonObject createProduct(StripeCall call) {
        Params params = call.params().only(PRODUCT);
        String id = params.text("id") == null ? store.id("prod") : params.text("id");
        if (store.find("product", id) != null) {
            throw StripeProblem.invalid("resource_already_exists", "id", "Product already exists.");
        }
        JsonObject product = store.put(product(id, params, params.bool("active", true)));
        if (params.object("default_price_data") != null) {
            Params data = params.object("default_price_data");
            product.put("default_price", store.put(price(data, id, true)).getString("id"));
            store.put(product);
        }
        events.emit(call, "product.created", product);
        return product;
    }

    JsonObject updateProduct(StripeCall call) {
        JsonObject product = store.get("product", call.id());
        Params params = call.params();
        if (params.text("name") != null) {
            product.put("name", params.text("name"));
        }
        if (params.has("description")) {
            product.put("description", params.text("description"));
        }
        product.put("active", params.bool("active", product.getBoolean("active")))
                .put("metadata", params.metadata(product.getJsonObject("metadata")))
                .put("updated", store.now());
        events.emit(call, "product.updated", product);
        return store.put(product);
    }

    JsonObject createPrice(StripeCall call) {
        JsonObject price =
                store.put(price(call.params().only(PRICE), null, call.params().bool("active", true)));
        events.emit(call, "price.created", price);
        return price;
    }

    JsonObject updatePrice(StripeCall call) {
        JsonObject price = store.get("price", call.id());
        Params params = call.params();
        price.put("active", params.bool("active", price.getBoolean("active")))
                .put("metadata", params.metadata(price.getJsonObject("metadata")));
        if (params.has("nickname")) {
            price.put("nickname", params.text("nickname"));
        }
        events.emit(call, "price.updated", price);
        return store.put(price);
    }

    /** The price a line names, or makes from its data; made ones are not active, as Stripe's are not. */
    JsonObject priceOf(Params line) {
        if (line.text("price") != null) {
            return store.get("price", line.text("price"), "line_items[0][price]");
        }
        Params data = line.object("price_data");
        if (data == null) {
            throw StripeProblem.invalid(
                    null, "line_items", "You must provide either `price` or `price_data` for each line item.");
        }
        return store.put(price(data.only(PRICE_DATA), null, false));
    }

    private JsonObject price(Params params, String ofProduct, boolean active) {
        String currency = params.requiredText("currency").toLowerCase(Locale.ROOT);
        if (!currency.matches("[a-z]{3}")) {
            throw StripeProblem.invalid(null, "currency", "Invalid currency: " + currency);
        }
        Long amount = params.unitAmount();
        if (amount == null) {
            throw StripeProblem.invalid(
                    "parameter_missing",
                    "unit_amount",
                    "You must provide one of `unit_amount` or `unit_amount_decimal`.");
        }
        String product = ofProduct == null ? params.text("product") : ofProduct;
        if (product != null) {
            store.get("product", product, "product");
        } else if (params.object("product_data") != null) {
            product = store.put(product(store.id("prod"), params.object("product_data"), active))
                    .getString("id");
        } else {
            throw StripeProblem.missing("product");
        }
        Params recurring = params.object("recurring");
        return new JsonObject()
                .put("id", store.id("price_1"))
                .put("object", "price")
                .put("active", active)
                .put("billing_scheme", "per_unit")
                .put("created", store.now())
                .put("currency", currency)
                .put("custom_unit_amount", null)
                .put("livemode", false)
                .put("lookup_key", params.text("lookup_key"))
                .put("metadata", params.metadata(new JsonObject()))
                .put("nickname", params.text("nickname"))
                .put("product", product)
                .put("recurring", recurring == null ? null : recurring(recurring))
                .put("tax_behavior", "unspecified")
                .put("tiers_mode", null)
                .put("transform_quantity", null)
                .put("type", recurring == null ? "one_time" : "recurring")
                .put("unit_amount", amount)
                .put("unit_amount_decimal", Long.toString(amount));
    }

    private static JsonObject recurring(Params recurring) {
        recurring.requiredText("interval");
        return new JsonObject()
                .put("interval", recurring.choice("interval", null, "day", "week", "month", "year"))
                .put("interval_count", recurring.number("interval_count", 1))
                .put("meter", null)
                .put("trial_period_days", null)
                .put("usage_type", "licensed");
    }

    private JsonObject product(String id, Params params, boolean active) {
        return new JsonObject()
                .put("id", id)
                .put("object", "product")
                .put("active", active)
                .put("created", store.now())
                .put("default_price", null)
                .put("description", params.text("description"))
                .put("images", new JsonArray(params.texts("images")))
                .put("livemode", false)
                .put("marketing_features", new JsonArray())
                .put("metadata", params.metadata(new JsonObject()))
                .put("name", params.requiredText("name"))
                .put("package_dimensions", null)
                .put("shippable", null)
                .put("statement_descriptor", null)
                .put("tax_code", null)
                .put("type", "service")
                .put("unit_label", params.text("unit_label"))
                .put("updated", store.now())
                .put("url", params.text("url"));
    }
}
