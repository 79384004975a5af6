package dev.parley.simulators.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All objects of one simulated account, by kind and id, kept as JSON text because that is far smaller: what was changed
 * must be put back. Members whose names start with an underscore are the simulator's own and never leave it.
 */
public class ObjectStore {
    private static final String EVENT = "event";
    private static final int MOST_EVENTS = 1_000;

    private final Map<String, LinkedHashMap<String, byte[]>> kinds = new HashMap<>();
    private final String kindMember;
    private final Clock clock;
    private final StateFile state;
    private Long frozen;

    /**
     * With what was saved of it.
     *
     * @param name of its part of the state
     * @param kindMember the member of an object that names its kind
     */
    protected ObjectStore(String name, String kindMember, Clock clock, StateFile state) {
        this.kindMember = kindMember;
        this.clock = clock;
        this.state = state;
        JsonObject saved = state.attach(name, this::toJson);
        for (String kind : saved.fieldNames()) {
            saved.getJsonArray(kind).forEach(object -> put((JsonObject) object));
        }
    }

    private Buffer toJson() {
        Buffer json = Buffer.buffer("{");
        String betweenKinds = "\"";
        for (Map.Entry<String, LinkedHashMap<String, byte[]>> kind : kinds.entrySet()) {
            json.appendString(betweenKinds).appendString(kind.getKey()).appendString("\":[");
            String between = "";
            for (byte[] object : kind.getValue().values()) {
                json.appendString(between).appendBytes(object);
                between = ",";
            }
            json.appendString("]");
            betweenKinds = ",\"";
        }
        return json.appendString("}");
    }

    private static JsonObject decode(byte[] object) {
        return new JsonObject(Buffer.buffer(object));
    }

    private LinkedHashMap<String, byte[]> kind(String kind) {
        return kinds.computeIfAbsent(kind, name -> new LinkedHashMap<>());
    }

    /** The time at which things happen, in seconds: that of a test clock while {@link #at} says so. */
    public final long now() {
        return frozen == null ? realNow() : frozen;
    }

    /** The time that it is, in seconds. */
    public final long realNow() {
        return clock.millis() / 1000;
    }

    /** Does something at another time; calls come one after another, so nobody else sees it. */
    public final <T> T at(long time, Supplier<T> work) {
        Long before = frozen;
        frozen = time;
        try {
            return work.get();
        } finally {
            frozen = before;
        }
    }

    /** Keeps an object as it is now. */
    public final JsonObject put(JsonObject object) {
        String name = object.getString(kindMember);
        LinkedHashMap<String, byte[]> kind = kind(name);
        kind.put(object.getString("id"), object.toBuffer().getBytes());
        if (name.equals(EVENT) && kind.size() > MOST_EVENTS) {
            kind.pollFirstEntry();
        }
        state.changed();
        return object;
    }

    /** The object, or null. */
    public final JsonObject find(String kind, String id) {
        byte[] object = id == null ? null : kind(kind).get(id);
        return object == null ? null : decode(object);
    }

    /** Objects of a kind, oldest first. */
    public final List<JsonObject> all(String kind, Predicate<JsonObject> filter) {
        return kind(kind).values().stream()
                .map(ObjectStore::decode)
                .filter(filter)
                .toList();
    }

    /** Objects of a kind, newest first. */
    protected final Stream<JsonObject> newestFirst(String kind) {
        return kind(kind).reversed().values().stream().map(ObjectStore::decode);
    }

    /** An object without what is the simulator's own. */
    protected static JsonObject visible(JsonObject object) {
        JsonObject view = object.copy();
        List.copyOf(view.fieldNames()).stream()
                .filter(name -> name.startsWith("_"))
                .forEach(view::remove);
        return view;
    }
}
