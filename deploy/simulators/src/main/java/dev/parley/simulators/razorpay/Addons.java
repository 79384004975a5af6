package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/** Add-ons: what is charged with the next invoice of a subscription, once. */
final class Addons {

    private static final Set<String> ITEM = Set.of("name", "description", "amount", "currency");
    private static final List<String> TAKERS = List.of("created", "authenticated", "active", "pending", "halted");

    private final RazorpayStore store;

    Addons(RazorpayStore store) {
        this.store = store;
    }

    JsonObject create(RazorpayCall call) {
        call.only(Set.of("item", "quantity"));
        JsonObject subscription = store.get("subscription", call.id());
        if (!TAKERS.contains(subscription.getString("status"))) {
            throw RazorpayProblem.badRequest(
                    "Addon cannot be created on subscription in " + subscription.getString("status") + " status.");
        }
        JsonObject item = item(store, new RazorpayCall(List.of(), call.object("item"), null));
        return store.put(new JsonObject()
                .put("id", store.id("ao"))
                .put("entity", "addon")
                .put("item", item)
                .put("quantity", call.number("quantity", 1))
                .put("created_at", store.now())
                .put("subscription_id", subscription.getString("id"))
                .put("invoice_id", null));
    }

    /** An item that was described with a call; refuses what Razorpay would. */
    static JsonObject item(RazorpayStore store, RazorpayCall described) {
        described.only(ITEM);
        long amount = described.requiredNumber("amount");
        if (amount < 100) {
            throw RazorpayProblem.badField("amount", "The amount must be at least INR 1.00");
        }
        long now = store.now();
        return new JsonObject()
                .put("id", store.id("item"))
                .put("active", true)
                .put("name", described.requiredText("name"))
                .put("description", described.text("description"))
                .put("amount", amount)
                .put("unit_amount", amount)
                .put("currency", Plans.currency(described))
                .put("type", "addon")
                .put("unit", null)
                .put("tax_inclusive", false)
                .put("hsn_code", null)
                .put("sac_code", null)
                .put("tax_rate", null)
                .put("tax_id", null)
                .put("tax_group_id", null)
                .put("created_at", now)
                .put("updated_at", now);
    }

    JsonObject get(RazorpayCall call) {
        JsonObject addon = store.get("addon", call.id());
        if (!isThere(addon)) {
            throw RazorpayProblem.noSuchId();
        }
        return addon;
    }

    static boolean isThere(JsonObject addon) {
        return !addon.getBoolean("_deleted", false);
    }

    JsonObject delete(RazorpayCall call) {
        JsonObject addon = get(call);
        if (addon.getString("invoice_id") != null) {
            throw RazorpayProblem.badRequest("Addon cannot be deleted since it has been invoiced.");
        }
        return store.put(addon.put("_deleted", true));
    }

    /** What waits for the next invoice of a subscription. */
    List<JsonObject> pending(String subscription) {
        return store.all(
                "addon",
                addon -> isThere(addon)
                        && addon.getString("invoice_id") == null
                        && subscription.equals(addon.getString("subscription_id")));
    }

    static long amount(JsonObject addon) {
        return addon.getJsonObject("item").getLong("amount") * addon.getLong("quantity");
    }

    /** The add-ons are on that invoice now. */
    void attached(List<JsonObject> addons, String invoice) {
        addons.forEach(addon -> store.put(addon.put("invoice_id", invoice)));
    }

    /** A line of an invoice for an item. */
    static JsonObject line(RazorpayStore store, JsonObject item, long quantity, String type) {
        long amount = item.getLong("amount") * quantity;
        return new JsonObject()
                .put("id", store.id("li"))
                .put("item_id", null)
                .put("ref_id", null)
                .put("ref_type", null)
                .put("name", item.getString("name"))
                .put("description", item.getString("description"))
                .put("amount", amount)
                .put("unit_amount", item.getLong("amount"))
                .put("gross_amount", amount)
                .put("tax_amount", 0)
                .put("taxable_amount", amount)
                .put("net_amount", amount)
                .put("currency", item.getString("currency"))
                .put("type", type)
                .put("tax_inclusive", false)
                .put("hsn_code", null)
                .put("sac_code", null)
                .put("tax_rate", null)
                .put("unit", null)
                .put("quantity", quantity)
                .put("taxes", new JsonArray());
    }
}
