package dev.parley.simulators.exchange;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/** Named totals since the start, or since they were cleared. */
public final class Counters {

    private static final class Total {
        private long value;
    }

    private final Map<String, Total> totals = new TreeMap<>();

    /** Adds to a total. */
    public void add(String name, long amount) {
        totals.computeIfAbsent(name, key -> new Total()).value += amount;
    }

    /** All totals by name. */
    public JsonObject toJson() {
        JsonObject json = new JsonObject();
        totals.forEach((name, total) -> json.put(name, total.value));
        return json;
    }

    /** Every total back to nothing. */
    public void clear() {
        totals.clear();
    }
}
