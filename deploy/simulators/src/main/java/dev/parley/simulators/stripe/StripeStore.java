package dev.parley.simulators.stripe;

import dev.parley.simulators.exchange.ObjectStore;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.StateFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The objects of the simulated Stripe account, by what Stripe calls {@code object}. */
final class StripeStore extends ObjectStore {

    private static final Map<String, String> EXPANDABLE = Map.ofEntries(
            Map.entry("customer", "customer"),
            Map.entry("subscription", "subscription"),
            Map.entry("invoice", "invoice"),
            Map.entry("latest_invoice", "invoice"),
            Map.entry("payment_intent", "payment_intent"),
            Map.entry("charge", "charge"),
            Map.entry("latest_charge", "charge"),
            Map.entry("default_payment_method", "payment_method"),
            Map.entry("payment_method", "payment_method"),
            Map.entry("product", "product"),
            Map.entry("price", "price"),
            Map.entry("default_price", "price"));

    private final RandomIds ids = new RandomIds();

    StripeStore(Clock clock, StateFile state) {
        super("stripe", "object", clock, state);
    }

    /** A new id; a prefix that ends in a digit is taken as it is, others get an underscore. */
    String id(String prefix) {
        boolean complete = Character.isDigit(prefix.charAt(prefix.length() - 1));
        return ids.next(complete ? prefix : prefix + "_", prefix.equals("cs_test") ? 58 : 24);
    }

    /** The object a path names. */
    JsonObject get(String kind, String id) {
        return get(kind, id, "id");
    }

    /** The object a parameter names. */
    JsonObject get(String kind, String id, String param) {
        JsonObject object = find(kind, id);
        if (object == null) {
            throw StripeProblem.noSuch(kind, id, param);
        }
        return object;
    }

    /** A page of a list, newest first, cut by {@code limit}, {@code starting_after}, {@code ending_before}, {@code created}. */
    JsonObject page(String kind, String url, Params params, Predicate<JsonObject> filter) {
        long limit = params.number("limit", 10);
        if (limit < 1 || limit > 100) {
            throw StripeProblem.invalid(
                    "parameter_invalid_integer", "limit", "This value must be between 1 and 100, inclusive.");
        }
        String after = params.text("starting_after");
        String before = params.text("ending_before");
        if (after != null) {
            get(kind, after, "starting_after");
        }
        if (before != null) {
            get(kind, before, "ending_before");
        }
        Predicate<JsonObject> wanted = filter.and(created(params));
        List<JsonObject> found = new ArrayList<>();
        boolean more = false;
        boolean reached = after == null;
        for (Iterator<JsonObject> all = newestFirst(kind).iterator(); all.hasNext(); ) {
            JsonObject object = all.next();
            String id = object.getString("id");
            if (id.equals(before)) {
                break;
            }
            if (!reached) {
                reached = id.equals(after);
                continue;
            }
            if (!wanted.test(object)) {
                continue;
            }
            if (found.size() == limit) {
                more = true;
                if (before == null) {
                    break;
                }
                found.removeFirst();
            }
            found.add(object);
        }
        JsonArray data = new JsonArray();
        found.forEach(object -> data.add(view(object, List.of())));
        JsonObject page = new JsonObject()
                .put("object", "list")
                .put("data", data)
                .put("has_more", more)
                .put("url", url);
        return expand(page, params.texts("expand"));
    }

    private static Predicate<JsonObject> created(Params params) {
        if (!(params.values().getValue("created") instanceof JsonObject)) {
            Long exactly = params.number("created");
            return object -> exactly == null || object.getLong("created").equals(exactly);
        }
        Params range = params.object("created");
        long from = Math.max(range.number("gte", Long.MIN_VALUE), range.has("gt") ? range.number("gt") + 1 : 0);
        long to = Math.min(
                range.number("lte", Long.MAX_VALUE), range.has("lt") ? range.number("lt") - 1 : Long.MAX_VALUE);
        return object -> object.getLong("created", 0L) >= from && object.getLong("created", 0L) <= to;
    }

    /** What a client sees of an object, with the asked-for members expanded. */
    JsonObject view(JsonObject object, List<String> expand) {
        return expand(visible(object), expand);
    }

    private JsonObject expand(JsonObject view, List<String> paths) {
        for (String path : paths) {
            expand(view, path.split("\\."), 0, path);
        }
        return view;
    }

    private void expand(Object node, String[] path, int at, String whole) {
        if (node instanceof JsonArray list) {
            list.forEach(item -> expand(item, path, at, whole));
            return;
        }
        if (at == path.length || !(node instanceof JsonObject object)) {
            return;
        }
        String name = path[at];
        Object value = object.getValue(name);
        if (value instanceof String id && EXPANDABLE.containsKey(name)) {
            JsonObject target = find(EXPANDABLE.get(name), id);
            if (target != null) {
                value = view(target, List.of());
                object.put(name, value);
            }
        } else if (value == null && isIncludable(object, name)) {
            value = included(object, name);
            object.put(name, value);
        } else if (value == null && !object.containsKey(name)) {
            throw StripeProblem.invalid(null, "expand", "This property cannot be expanded (" + whole + ").");
        }
        expand(value, path, at + 1, whole);
    }

    private static boolean isIncludable(JsonObject object, String name) {
        return switch (object.getString("object", "")) {
            case "checkout.session" -> name.equals("line_items");
            case "invoice" -> name.equals("payments");
            case "customer" -> name.equals("subscriptions");
            default -> false;
        };
    }

    private JsonObject included(JsonObject object, String name) {
        String id = object.getString("id");
        return switch (name) {
            case "line_items" ->
                list(
                        find("checkout.session", id).getJsonArray("_line_items").copy(),
                        "/v1/checkout/sessions/" + id + "/line_items");
            case "payments" ->
                list(
                        new JsonArray(all("invoice_payment", payment -> payment.getString("invoice")
                                .equals(id))),
                        "/v1/invoice_payments?invoice=" + id);
            default ->
                list(
                        new JsonArray(all(
                                "subscription",
                                subscription -> subscription
                                                .getString("customer")
                                                .equals(id)
                                        && !subscription.getString("status").equals("canceled"))),
                        "/v1/customers/" + id + "/subscriptions");
        };
    }

    /** A list object that holds everything. */
    static JsonObject list(JsonArray data, String url) {
        return new JsonObject()
                .put("object", "list")
                .put("data", data)
                .put("has_more", false)
                .put("total_count", data.size())
                .put("url", url);
    }
}
