package dev.parley.simulators.razorpay;

import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.StateFile;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All objects of the one simulated account, by entity and id, kept as JSON text: what was changed must be put back.
 * Members whose names start with an underscore are the simulator's own and never leave it.
 */
final class RazorpayStore {

    private static final int MOST_EVENTS = 1_000;
    private static final long MOST_ON_A_PAGE = 100;

    private final Map<String, LinkedHashMap<String, byte[]>> entities = new HashMap<>();
    private final RandomIds ids = new RandomIds();
    private final Clock clock;
    private final StateFile state;
    private Long frozen;

    RazorpayStore(Clock clock, StateFile state) {
        this.clock = clock;
        this.state = state;
        JsonObject saved = state.attach("razorpay", this::toJson);
        for (String entity : saved.fieldNames()) {
            saved.getJsonArray(entity).forEach(object -> put((JsonObject) object));
        }
    }

    private Buffer toJson() {
        Buffer json = Buffer.buffer("{");
        String betweenEntities = "\"";
        for (Map.Entry<String, LinkedHashMap<String, byte[]>> entity : entities.entrySet()) {
            json.appendString(betweenEntities).appendString(entity.getKey()).appendString("\":[");
            String between = "";
            for (byte[] object : entity.getValue().values()) {
                json.appendString(between).appendBytes(object);
                between = ",";
            }
            json.appendString("]");
            betweenEntities = ",\"";
        }
        return json.appendString("}");
    }

    private static JsonObject decode(byte[] object) {
        return new JsonObject(Buffer.buffer(object));
    }

    private LinkedHashMap<String, byte[]> of(String entity) {
        return entities.computeIfAbsent(entity, name -> new LinkedHashMap<>());
    }

    /** The time at which things happen: that of a test clock while {@link #at} says so. */
    long now() {
        return frozen == null ? realNow() : frozen;
    }

    long realNow() {
        return clock.millis() / 1000;
    }

    /** Does something at another time; calls come one after another, so nobody else sees it. */
    <T> T at(long time, Supplier<T> work) {
        Long before = frozen;
        frozen = time;
        try {
            return work.get();
        } finally {
            frozen = before;
        }
    }

    /** A new id, such as {@code plan_} and 14 letters and digits. */
    String id(String prefix) {
        return ids.next(prefix + "_", 14);
    }

    /** Keeps an object as it is now. */
    JsonObject put(JsonObject object) {
        String name = object.getString("entity");
        LinkedHashMap<String, byte[]> entity = of(name);
        entity.put(object.getString("id"), object.toBuffer().getBytes());
        if (name.equals("event") && entity.size() > MOST_EVENTS) {
            entity.pollFirstEntry();
        }
        state.changed();
        return object;
    }

    /** The object, or null. */
    JsonObject find(String entity, String id) {
        byte[] object = id == null ? null : of(entity).get(id);
        return object == null ? null : decode(object);
    }

    /** The object; refuses an id that is not known. */
    JsonObject get(String entity, String id) {
        JsonObject object = find(entity, id);
        if (object == null) {
            throw RazorpayProblem.noSuchId();
        }
        return object;
    }

    /** Objects of an entity, oldest first. */
    List<JsonObject> all(String entity, Predicate<JsonObject> filter) {
        return of(entity).values().stream()
                .map(RazorpayStore::decode)
                .filter(filter)
                .toList();
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
        of(entity).reversed().values().stream()
                .map(RazorpayStore::decode)
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
        JsonObject view = object.copy();
        List.copyOf(view.fieldNames()).stream()
                .filter(name -> name.startsWith("_"))
                .forEach(view::remove);
        return view;
    }
}
