package dev.parley.simulators.razorpay;

import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.Target;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Supplier;

/** Records what happened as events and sends them to the account's one webhook. */
final class RazorpayEvents {

    private static final String ACCOUNT = "acc_ParleySimulated";

    private final RazorpayStore store;
    private final WebhookSender sender;
    private final String url;
    private final String secret;

    RazorpayEvents(RazorpayStore store, WebhookSender sender, String url, String secret) {
        this.store = store;
        this.sender = sender;
        this.url = url;
        this.secret = secret;
    }

    /** Sends again what was not delivered before the last stop. */
    void resume() {
        store.all("event", event -> event.getBoolean("pending")).forEach(this::send);
    }

    /** Announces an event about objects as they are now; the id is only in a header, as at Razorpay. */
    void emit(String type, JsonObject... objects) {
        JsonObject event = event(store.id("evt"), type, store.now(), objects).put("pending", true);
        store.put(event);
        send(event);
    }

    /** An event with its body, as it is kept. */
    JsonObject event(String id, String type, long createdAt, JsonObject... objects) {
        JsonArray contains = new JsonArray();
        JsonObject payload = new JsonObject();
        String lane = id;
        for (JsonObject object : objects) {
            if (object == null) {
                continue;
            }
            String entity = object.getString("entity");
            contains.add(entity);
            payload.put(entity, new JsonObject().put("entity", RazorpayStore.view(object)));
            lane = lane.equals(id) ? object.getString("id") : lane;
        }
        JsonObject body = new JsonObject()
                .put("entity", "event")
                .put("account_id", ACCOUNT)
                .put("event", type)
                .put("contains", contains)
                .put("payload", payload)
                .put("created_at", createdAt);
        return new JsonObject()
                .put("entity", "event")
                .put("id", id)
                .put("created_at", createdAt)
                .put("lane", lane)
                .put("pending", false)
                .put("body", body);
    }

    private void send(JsonObject event) {
        sender.submit(delivery(event, url, secret, true));
    }

    /** A delivery of an event, signed with that secret. */
    Delivery delivery(JsonObject event, String to, String signedWith, boolean retried) {
        String id = event.getString("id");
        Buffer body = Buffer.buffer(event.getJsonObject("body").toBuffer().getBytes());
        Supplier<Target> target = () -> new Target(
                to,
                Map.of(
                        "Content-Type",
                        "application/json",
                        "User-Agent",
                        "Razorpay-Webhook/v1",
                        "X-Razorpay-Event-Id",
                        id,
                        "X-Razorpay-Signature",
                        RazorpaySignature.of(body.getBytes(), signedWith)));
        return new Delivery(id, event.getString("lane"), target, body, retried, () -> delivered(id));
    }

    private void delivered(String id) {
        JsonObject event = store.find("event", id);
        if (event != null && event.getBoolean("pending")) {
            store.put(event.put("pending", false));
        }
    }

    String url() {
        return url;
    }

    String secret() {
        return secret;
    }
}
