package dev.parley.simulators.stripe;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Test clocks: customers made on one live at its time, and what falls due happens while it is moved. */
final class TestClocks {

    private static final String KIND = "test_helpers.test_clock";
    private static final long LIFE_SECONDS = Duration.ofDays(30).toSeconds();

    private final StripeStore store;
    private final StripeEvents events;

    TestClocks(StripeStore store, StripeEvents events) {
        this.store = store;
        this.events = events;
    }

    JsonObject create(StripeCall call) {
        Params params = call.params().only(Set.of("frozen_time", "name"));
        params.requiredText("frozen_time");
        JsonObject clock = store.put(new JsonObject()
                .put("id", store.id("clock_1"))
                .put("object", KIND)
                .put("created", store.realNow())
                .put("deletes_after", store.realNow() + LIFE_SECONDS)
                .put("frozen_time", params.number("frozen_time"))
                .put("livemode", false)
                .put("name", params.text("name"))
                .put("status", "ready")
                .put("status_details", new JsonObject()));
        events.emit(call, "test_helpers.test_clock.created", clock);
        return clock;
    }

    JsonObject delete(StripeCall call) {
        JsonObject clock = store.get(KIND, call.id());
        events.emit(call, "test_helpers.test_clock.deleted", clock);
        return store.put(new JsonObject()
                .put("id", call.id())
                .put("object", KIND)
                .put("created", clock.getLong("created"))
                .put("deleted", true));
    }

    /** Moves a clock forward, through every moment at which something falls due; at most two periods at once. */
    JsonObject advance(StripeCall call, Subscriptions subscriptions) {
        Params params = call.params().only(Set.of("frozen_time"));
        params.requiredText("frozen_time");
        long to = params.number("frozen_time");
        JsonObject clock = store.get(KIND, call.id());
        if (to <= clock.getLong("frozen_time")) {
            throw StripeProblem.invalid(
                    null, "frozen_time", "A test clock can only be advanced to a time after its current frozen time.");
        }
        Long farthest = subscriptions.twoPeriodsOn(call.id());
        if (farthest != null && to > farthest) {
            throw StripeProblem.invalid(
                    null,
                    "frozen_time",
                    "You can only advance up to two intervals from the shortest subscription interval.");
        }
        Long next = subscriptions.nextDue(call.id());
        while (next != null && next <= to) {
            long moment = Math.max(next, clock.getLong("frozen_time"));
            store.put(clock.put("frozen_time", moment));
            store.at(moment, () -> {
                subscriptions.happen(call.id());
                return null;
            });
            next = subscriptions.nextDue(call.id());
        }
        store.put(clock.put("frozen_time", to));
        events.emit(call, "test_helpers.test_clock.ready", clock);
        return clock;
    }

    /** The time of a customer's clock, or null for one who lives in real time. */
    Long timeOf(String customerId) {
        JsonObject customer = customerId == null ? null : store.find("customer", customerId);
        String clock = customer == null ? null : customer.getString("test_clock");
        JsonObject found = clock == null ? null : store.find(KIND, clock);
        return found == null ? null : found.getLong("frozen_time");
    }

    /** Does something at the time of a customer's clock. */
    <T> T during(String customerId, Supplier<T> work) {
        Long time = timeOf(customerId);
        return time == null ? work.get() : store.at(time, work);
    }

    /** The customer whom a call is about, as far as its path and parameters tell, or null. */
    String customerOf(StripeCall call) {
        for (String id : call.ids()) {
            String customer = customerOf(id);
            if (customer != null) {
                return customer;
            }
        }
        for (String name : List.of("customer", "subscription", "payment_intent", "charge", "invoice")) {
            String customer = call.params().values().getValue(name) instanceof String id ? customerOf(id) : null;
            if (customer != null) {
                return customer;
            }
        }
        return null;
    }

    private String customerOf(String id) {
        if (id.startsWith("cus_")) {
            return id;
        }
        String kind = id.startsWith("sub_")
                ? "subscription"
                : id.startsWith("in_")
                        ? "invoice"
                        : id.startsWith("cs_")
                                ? "checkout.session"
                                : id.startsWith("pi_") ? "payment_intent" : id.startsWith("ch_") ? "charge" : null;
        JsonObject object = kind == null ? null : store.find(kind, id);
        return object == null ? null : object.getString("customer");
    }

    /** Requires that a clock exists. */
    void require(String id) {
        JsonObject clock = store.get(KIND, id, "test_clock");
        if (clock.getBoolean("deleted", false)) {
            throw StripeProblem.noSuch("test clock", id, "test_clock");
        }
    }
}
