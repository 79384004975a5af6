package dev.parley.simulators.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One webhook on its way. Deliveries of the same lane are attempted one after the other. */
public final class Delivery {

    private final String id;
    private final String lane;
    private final Supplier<Target> target;
    private final Buffer body;
    private final boolean retried;
    private final Runnable delivered;
    private Consumer<Delivery> firstAttempt = delivery -> {};
    private String url;
    private String outcome = "waiting";
    private String failure;
    private int attempts;
    private int status;
    private long queuedAt;
    private long answeredAt;

    /**
     * A webhook to deliver.
     *
     * @param id the vendor's id of what is delivered
     * @param lane what keeps its order: a customer, a chat
     * @param target computed at each attempt; null gives the delivery up
     * @param retried whether it is tried again until it succeeds
     * @param delivered called once it was answered 2xx
     */
    public Delivery(String id, String lane, Supplier<Target> target, Buffer body, boolean retried, Runnable delivered) {
        this.id = id;
        this.lane = lane;
        this.target = target;
        this.body = body;
        this.retried = retried;
        this.delivered = delivered;
    }

    /** Calls back once, when the first attempt was answered, failed, or was dropped by a fault. */
    public Delivery onFirstAttempt(Consumer<Delivery> listener) {
        firstAttempt = listener;
        return this;
    }

    String id() {
        return id;
    }

    String lane() {
        return lane;
    }

    Buffer body() {
        return body;
    }

    boolean isRetried() {
        return retried;
    }

    int attempts() {
        return attempts;
    }

    long queuedAt() {
        return queuedAt;
    }

    void queued(long at) {
        queuedAt = at;
    }

    Target nextTarget() {
        Target next = target.get();
        url = next == null ? url : next.url();
        return next;
    }

    void ended(String how) {
        outcome = how;
        firstAttemptDone();
    }

    void succeeded(int answeredStatus, long at) {
        attempts++;
        status = answeredStatus;
        failure = null;
        answeredAt = at;
        outcome = "delivered";
        delivered.run();
        firstAttemptDone();
    }

    void failed(int answeredStatus, String reason, long at) {
        attempts++;
        status = answeredStatus;
        failure = reason;
        answeredAt = at;
        outcome = retried ? "retrying" : "failed";
        firstAttemptDone();
    }

    private void firstAttemptDone() {
        Consumer<Delivery> listener = firstAttempt;
        firstAttempt = delivery -> {};
        listener.accept(this);
    }

    /** The last attempt's failure, or null. */
    public String failure() {
        return failure;
    }

    /** What became of it so far. */
    public JsonObject toJson() {
        return new JsonObject()
                .put("id", id)
                .put("url", url)
                .put("outcome", outcome)
                .put("attempts", attempts)
                .put("status", status == 0 ? null : status)
                .put("failure", failure)
                .put("queued_at", Instant.ofEpochMilli(queuedAt).toString())
                .put(
                        "answered_at",
                        answeredAt == 0
                                ? null
                                : Instant.ofEpochMilli(answeredAt).toString());
    }
}
