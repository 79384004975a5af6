package dev.parley.simulators.webhook;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** What became of a delivery; small, because many are remembered. */
final class DeliveryReport {

    private final String id;
    private String url;
    private String outcome = "waiting";
    private String failure;
    private int attempts;
    private int status;
    private long queuedAt;
    private long answeredAt;

    DeliveryReport(String id) {
        this.id = id;
    }

    void queued(long at) {
        queuedAt = at;
    }

    long queuedAt() {
        return queuedAt;
    }

    int attempts() {
        return attempts;
    }

    String failure() {
        return failure;
    }

    void attempting(String at) {
        url = at;
    }

    void ended(String how) {
        outcome = how;
    }

    void answered(int answeredStatus, String reason, String how, long at) {
        attempts++;
        status = answeredStatus;
        failure = reason;
        outcome = how;
        answeredAt = at;
    }

    JsonObject toJson() {
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
