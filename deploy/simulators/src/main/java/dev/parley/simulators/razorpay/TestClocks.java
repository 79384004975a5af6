package dev.parley.simulators.razorpay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Supplier;

/**
 * Movable clocks, which Razorpay itself does not have: subscriptions and payment links that name one in their notes live at
 * its time, and what falls due happens while it is moved. Pages to pay on expire in real time all the same.
 */
final class TestClocks {

    /** The note that names a clock. */
    private static final String NOTE = "test_clock";

    private final RazorpayStore store;

    TestClocks(RazorpayStore store) {
        this.store = store;
    }

    /** The clock of that id, made at that time unless there is one. */
    JsonObject create(String id, long at) {
        JsonObject clock = store.find("clock", id);
        return clock == null
                ? store.put(new JsonObject()
                        .put("id", id)
                        .put("entity", "clock")
                        .put("created_at", store.realNow())
                        .put("now", at))
                : clock;
    }

    /** Moves a clock forward, through every moment at which something falls due; an earlier time changes nothing. */
    JsonObject advance(String id, long to, Subscriptions subscriptions) {
        JsonObject clock = store.get("clock", id);
        Long next = subscriptions.nextDue(id);
        while (next != null && next <= to) {
            long moment = Math.max(next, clock.getLong("now"));
            store.put(clock.put("now", moment));
            store.at(moment, () -> {
                subscriptions.happen(id);
                return null;
            });
            next = subscriptions.nextDue(id);
        }
        return store.put(clock.put("now", Math.max(to, clock.getLong("now"))));
    }

    /** A clock with the subscriptions to which something can still happen on it. */
    JsonObject view(JsonObject clock, Subscriptions subscriptions) {
        JsonArray running = new JsonArray();
        subscriptions.running(clock.getString("id")).forEach(each -> running.add(each.getString("id")));
        return clock.copy().put("subscriptions", running);
    }

    /** The id of the clock that an object's notes name, or null. */
    static String named(JsonObject object) {
        return object.getValue("notes") instanceof JsonObject notes ? notes.getString(NOTE) : null;
    }

    /** Does what a call wishes, at the time of the clock that its objects live on. */
    <T> T during(RazorpayCall call, Supplier<T> work) {
        String clock = named(call.params());
        for (String id : call.ids()) {
            clock = clock == null ? clockOf(id) : clock;
        }
        return during(clock, work);
    }

    /** Does something to an object, at the time of the clock that it lives on. */
    <T> T during(JsonObject object, Supplier<T> work) {
        return during(clockOf(object), work);
    }

    private <T> T during(String clock, Supplier<T> work) {
        JsonObject found = clock == null ? null : store.find("clock", clock);
        return found == null ? work.get() : store.at(found.getLong("now"), work);
    }

    private String clockOf(String id) {
        for (String entity : List.of("subscription", "invoice", "payment_link", "payment")) {
            JsonObject object = store.find(entity, id);
            if (object != null) {
                return clockOf(object);
            }
        }
        return null;
    }

    private String clockOf(JsonObject object) {
        String named = named(object);
        for (String owner : List.of("subscription_id", "invoice_id")) {
            if (named == null && object.getString(owner) != null) {
                named = clockOf(object.getString(owner));
            }
        }
        return named;
    }
}
