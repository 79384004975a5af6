package dev.parley.simulators.webhook;

import dev.parley.simulators.exchange.Counters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Delivers one vendor's webhooks: in order within a lane, again after a failure with doubling delay (0.5 s to 60 s)
 * for up to three days.
 */
public final class WebhookSender {

    private static final long FIRST_DELAY_MILLIS = 500;
    private static final long LONGEST_DELAY_MILLIS = 60_000;
    private static final long REORDER_WINDOW_MILLIS = 300;
    private static final long ANSWER_WITHIN_MILLIS = 20_000;
    private static final long GIVE_UP_AFTER_MILLIS = Duration.ofDays(3).toMillis();
    private static final int MOST_REMEMBERED = 1_000;

    private final Vertx vertx;
    private final Clock clock;
    private final Counters counters;
    private final String label;
    private final boolean failureHoldsLane;
    private final HttpClient client;
    private final Map<String, ArrayDeque<Delivery>> lanes = new HashMap<>();
    private final ArrayDeque<DeliveryReport> remembered = new ArrayDeque<>();
    private final List<Delivery> held = new ArrayList<>();
    private WebhookFault fault;

    /**
     * A sender without deliveries.
     *
     * @param label the vendor's name on the control plane
     * @param failureHoldsLane whether later deliveries of a lane wait until a failing one got through
     */
    public WebhookSender(Vertx vertx, Clock clock, Counters counters, String label, boolean failureHoldsLane) {
        this.vertx = vertx;
        this.clock = clock;
        this.counters = counters;
        this.label = label;
        this.failureHoldsLane = failureHoldsLane;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(3_000).setKeepAliveTimeout(10),
                new PoolOptions().setHttp1MaxSize(40));
    }

    /** Puts a fault in force, or null to go back to normal. */
    public void fault(WebhookFault next) {
        fault = next;
    }

    /** The fault in force as a list of one, or an empty list. */
    public JsonArray faults() {
        return fault == null ? new JsonArray() : new JsonArray().add(fault.toJson());
    }

    /** The last 1,000 deliveries, oldest first. */
    public JsonArray deliveries() {
        JsonArray list = new JsonArray();
        remembered.forEach(report -> list.add(report.toJson()));
        return list;
    }

    /** Delivers, at once if nothing is before it. */
    public void submit(Delivery delivery) {
        delivery.report().queued(clock.millis());
        remembered.addLast(delivery.report());
        if (remembered.size() > MOST_REMEMBERED) {
            remembered.removeFirst();
        }
        WebhookFault applied = fault != null && fault.take() ? fault : null;
        if (applied == null) {
            enqueue(delivery);
        } else if (applied.drops()) {
            counters.add(label + ".webhooks.dropped", 1);
            delivery.ended("dropped");
        } else if (applied.reorders()) {
            hold(delivery, applied);
        } else {
            enqueueWith(applied, delivery);
        }
    }

    private void hold(Delivery delivery, WebhookFault applied) {
        held.add(delivery);
        if (held.size() == 1) {
            vertx.setTimer(REORDER_WINDOW_MILLIS + applied.delayMillis(), timer -> {
                List<Delivery> reversed = new ArrayList<>(held.reversed());
                held.clear();
                reversed.forEach(next -> enqueueCopies(applied, next));
            });
        }
    }

    private void enqueueWith(WebhookFault applied, Delivery delivery) {
        if (applied.delayMillis() > 0) {
            vertx.setTimer(applied.delayMillis(), timer -> enqueueCopies(applied, delivery));
        } else {
            enqueueCopies(applied, delivery);
        }
    }

    private void enqueueCopies(WebhookFault applied, Delivery delivery) {
        for (int copy = 0; copy <= applied.duplicates(); copy++) {
            enqueue(delivery);
        }
    }

    private void enqueue(Delivery delivery) {
        ArrayDeque<Delivery> lane = lanes.get(delivery.lane());
        if (lane == null) {
            lane = new ArrayDeque<>();
            lanes.put(delivery.lane(), lane);
            lane.add(delivery);
            attempt(delivery);
        } else {
            lane.add(delivery);
        }
    }

    private void next(Delivery delivery) {
        ArrayDeque<Delivery> lane = lanes.get(delivery.lane());
        lane.removeFirst();
        if (lane.isEmpty()) {
            lanes.remove(delivery.lane());
        } else {
            attempt(lane.getFirst());
        }
    }

    private void attempt(Delivery delivery) {
        Target target = delivery.nextTarget();
        if (target == null) {
            delivery.ended("no target");
            vertx.runOnContext(later -> next(delivery));
            return;
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(target.method()))
                .setAbsoluteURI(target.url())
                .setTimeout(ANSWER_WITHIN_MILLIS);
        target.headers().forEach(options::addHeader);
        counters.add(label + ".webhooks.attempted", 1);
        client.request(options)
                .compose(request -> target.method().equals("GET") ? request.send() : request.send(delivery.body()))
                .compose(response -> response.body().map(body -> response))
                .onSuccess(response -> answered(delivery, response))
                .onFailure(failure -> failed(delivery, 0, failure.toString(), null));
    }

    private void answered(Delivery delivery, HttpClientResponse response) {
        int status = response.statusCode();
        if (status >= 200 && status < 300) {
            counters.add(label + ".webhooks.delivered", 1);
            delivery.succeeded(status, clock.millis());
            next(delivery);
        } else {
            failed(delivery, status, "answered " + status, response.getHeader("retry-after"));
        }
    }

    private void failed(Delivery delivery, int status, String reason, String retryAfter) {
        counters.add(label + ".webhooks.failed", 1);
        delivery.failed(status, reason, clock.millis());
        if (!delivery.isRetried()) {
            next(delivery);
            return;
        }
        if (clock.millis() - delivery.report().queuedAt() > GIVE_UP_AFTER_MILLIS) {
            delivery.ended("given up");
            next(delivery);
            return;
        }
        long delay = delay(delivery.report().attempts(), retryAfter);
        if (failureHoldsLane) {
            vertx.setTimer(delay, timer -> attempt(delivery));
        } else {
            next(delivery);
            vertx.setTimer(delay, timer -> enqueue(delivery));
        }
    }

    private static long delay(int attempts, String retryAfter) {
        if (retryAfter != null && retryAfter.matches("\\d{1,4}")) {
            return Math.max(FIRST_DELAY_MILLIS, Math.min(3_600, Long.parseLong(retryAfter)) * 1_000);
        }
        return Math.min(LONGEST_DELAY_MILLIS, FIRST_DELAY_MILLIS << Math.min(attempts - 1, 10));
    }
}
