package dev.parley.simulators.razorpay;

import dev.parley.simulators.exchange.ObjectStore;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.StateFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.function.Predicate;

/** The objects of the simulated Razorpay account, by entity. */
final class RazorpayStore extends ObjectStore {

    private static final long MOST_ON_A_PAGE = 100;

    private final RandomIds ids = new RandomIds();

    RazorpayStore(Clock clock, StateFile state) {
        super("razorpay", "entity", clock, state);
    }

    /** A new id, such as {@code plan_} and 14 letters and digits. */
    String id(String prefix) {
        return ids.next(prefix + "_", 14);
    }

    /** The object; refuses an id that is not known. */
    JsonObject get(String entity, String id) {
        JsonObject object = find(entity, id);
        if (object == null) {
            throw RazorpayProblem.noSuchId();
        }
        return object;
    }

    /** A page of a collection, newest first, cut by {@code count}, {@code skip}, {@code from} and {@code to}. */
    JsonArray page(String entity, RazorpayCall call, Predicate<JsonObject> filter) {
        long count = call.number("count", 10);
        if (count < 1 || count > MOST_ON_A_PAGE) {
            throw RazorpayProblem.badField("count", "The count may not be greater than 100.");
        }
        long from = call.number("from", 0);
        long to = call.number("to", Long.MAX_VALUE);
        JsonArray page = new JsonArray();
        newestFirst(entity)
                .filter(object -> object.getLong("created_at") >= from && object.getLong("created_at") <= to)
                .filter(filter)
                .skip(call.number("skip", 0))
                .limit(count)
                .forEach(object -> page.add(view(object)));
        return page;
    }

    /** The usual wrapping of a page. */
    static JsonObject collection(JsonArray items) {
        return new JsonObject()
                .put("entity", "collection")
                .put("count", items.size())
                .put("items", items);
    }

    /** What a client sees of an object. */
    static JsonObject view(JsonObject object) {
        return visible(object);
    }
}
