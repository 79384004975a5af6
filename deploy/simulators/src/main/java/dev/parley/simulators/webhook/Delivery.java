package dev.parley.simulators.webhook;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One webhook on its way. Deliveries of the same lane are attempted one after the other. */
public final class Delivery {

    private final String lane;
    private final Supplier<Target> target;
    private final Buffer body;
    private final boolean retried;
    private final Runnable delivered;
    private final DeliveryReport report;
    private Consumer<Delivery> firstAttempt = delivery -> {};

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
        this.lane = lane;
        this.target = target;
        this.body = body;
        this.retried = retried;
        this.delivered = delivered;
        this.report = new DeliveryReport(id);
    }

    /** Calls back once, when the first attempt was answered, failed, or was dropped by a fault. */
    public Delivery onFirstAttempt(Consumer<Delivery> listener) {
        firstAttempt = listener;
        return this;
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

    DeliveryReport report() {
        return report;
    }

    Target nextTarget() {
        Target next = target.get();
        if (next != null) {
            report.attempting(next.url());
        }
        return next;
    }

    void ended(String how) {
        report.ended(how);
        firstAttemptDone();
    }

    void succeeded(int status, long at) {
        report.answered(status, null, "delivered", at);
        delivered.run();
        firstAttemptDone();
    }

    void failed(int status, String reason, long at) {
        report.answered(status, reason, retried ? "retrying" : "failed", at);
        firstAttemptDone();
    }

    private void firstAttemptDone() {
        Consumer<Delivery> listener = firstAttempt;
        firstAttempt = delivery -> {};
        listener.accept(this);
    }

    /** The last attempt's failure, or null. */
    public String failure() {
        return report.failure();
    }

    /** What became of it so far. */
    public JsonObject toJson() {
        return report.toJson();
    }
}
