package dev.parley.simulators.stripe;

import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.Target;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Records what happened as events and sends those the account's one webhook endpoint listens to. */
final class StripeEvents {

    /** The version whose shapes these are: that of stripe-java 33.1.0. */
    static final String API_VERSION = "2026-06-24.dahlia";

    private static final Set<String> SENT = Set.of(
            "checkout.session.completed",
            "checkout.session.expired",
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.deleted",
            "invoice.paid",
            "invoice.payment_failed",
            "charge.refunded",
            "refund.updated",
            "refund.failed");

    private final StripeStore store;
    private final WebhookSender sender;
    private final String url;
    private final String secret;

    StripeEvents(StripeStore store, WebhookSender sender, String url, String secret) {
        this.store = store;
        this.sender = sender;
        this.url = url;
        this.secret = secret;
    }

    /** Sends again what was not delivered before the last stop. */
    void resume() {
        store.all("event", event -> event.getInteger("pending_webhooks", 0) > 0).forEach(event -> send(event, true));
    }

    void emit(StripeCall call, String type, JsonObject object) {
        emit(call, type, object, null);
    }

    /** Records an event about an object as it is now, with its changed members as they were before. */
    void emit(StripeCall call, String type, JsonObject object, JsonObject previous) {
        JsonObject event = event(store.id("evt_1"), type, store.view(object, List.of()), previous, call);
        boolean sent = SENT.contains(type);
        event.put("pending_webhooks", sent ? 1 : 0);
        store.put(event);
        if (sent) {
            send(event, true);
        }
    }

    JsonObject event(String id, String type, JsonObject object, JsonObject previous, StripeCall call) {
        JsonObject data = new JsonObject().put("object", object);
        if (previous != null) {
            data.put("previous_attributes", previous);
        }
        return new JsonObject()
                .put("id", id)
                .put("object", "event")
                .put("api_version", API_VERSION)
                .put("created", store.now())
                .put("data", data)
                .put("livemode", false)
                .put("pending_webhooks", 1)
                .put(
                        "request",
                        new JsonObject()
                                .put("id", call == null ? null : call.requestId())
                                .put("idempotency_key", call == null ? null : call.idempotencyKey()))
                .put("type", type);
    }

    Delivery send(JsonObject event, boolean retried) {
        Delivery delivery = delivery(event, url, secret, 0, retried);
        sender.submit(delivery);
        return delivery;
    }

    /** A delivery of an event, signed at each attempt by that secret at a moment shifted by so many seconds. */
    Delivery delivery(JsonObject event, String to, String signedWith, long shiftSeconds, boolean retried) {
        Buffer body = Buffer.buffer(store.view(event, List.of()).toBuffer().getBytes());
        Supplier<Target> target = () -> new Target(
                to,
                Map.of(
                        "Content-Type",
                        "application/json; charset=utf-8",
                        "User-Agent",
                        "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
                        "Accept",
                        "*/*; q=0.5, application/xml",
                        "Stripe-Signature",
                        signature(body, signedWith, store.realNow() + shiftSeconds)));
        String id = event.getString("id");
        return new Delivery(id, lane(event), target, body, retried, () -> delivered(id));
    }

    private void delivered(String id) {
        JsonObject event = store.find("event", id);
        if (event != null && event.getInteger("pending_webhooks", 0) > 0) {
            store.put(event.put("pending_webhooks", 0));
        }
    }

    private static String lane(JsonObject event) {
        Object object = event.getJsonObject("data").getValue("object");
        return object instanceof JsonObject json && json.getValue("customer") instanceof String customer
                ? customer
                : event.getString("id");
    }

    String url() {
        return url;
    }

    String secret() {
        return secret;
    }

    /** {@code t=…,v1=…}: HMAC-SHA256 of the time, a dot and the body, keyed by the whole secret. */
    static String signature(Buffer body, String secret, long at) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((at + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + at + ",v1=" + HexFormat.of().formatHex(mac.doFinal(body.getBytes()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
