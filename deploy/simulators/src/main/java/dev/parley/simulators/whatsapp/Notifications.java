package dev.parley.simulators.whatsapp;

import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.Target;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Wraps messages and statuses as Meta does, signs and delivers them. */
final class Notifications {

    private static final String ACCOUNT = "102290129340398";

    private final WebhookSender sender;

    Notifications(WebhookSender sender) {
        this.sender = sender;
    }

    /**
     * Delivers in the order of the customer's lane.
     *
     * @param secret signs it; null for the app's own
     */
    void deliver(
            PhoneNumber number,
            String id,
            String customer,
            JsonObject value,
            String secret,
            Consumer<Delivery> attempted) {
        JsonObject body = new JsonObject()
                .put("object", "whatsapp_business_account")
                .put(
                        "entry",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("id", ACCOUNT)
                                        .put(
                                                "changes",
                                                new JsonArray()
                                                        .add(new JsonObject()
                                                                .put("value", whole(number, value))
                                                                .put("field", "messages")))));
        Buffer bytes = Buffer.buffer(escaped(body.encode()));
        sender.submit(new Delivery(
                        id, number.id() + "/" + customer, () -> target(number, bytes, secret), bytes, true, () -> {})
                .onFirstAttempt(attempted));
    }

    private static JsonObject whole(PhoneNumber number, JsonObject value) {
        return new JsonObject()
                .put("messaging_product", "whatsapp")
                .put(
                        "metadata",
                        new JsonObject()
                                .put(
                                        "display_phone_number",
                                        number.shown()
                                                .getString("display_phone_number")
                                                .replaceAll("\\D", ""))
                                .put("phone_number_id", number.id()))
                .mergeIn(value);
    }

    private static Target target(PhoneNumber number, Buffer body, String secret) {
        if (number.callbackUrl().isEmpty()) {
            return null;
        }
        return new Target(
                number.callbackUrl(),
                Map.of(
                        "Content-Type",
                        "application/json",
                        "User-Agent",
                        "facebookexternalua",
                        "X-Hub-Signature-256",
                        "sha256=" + hmac(secret == null ? number.appSecret() : secret, body.getBytes())));
    }

    /** Meta writes everything beyond ASCII as escapes, and signs that. */
    private static String escaped(String json) {
        StringBuilder ascii = new StringBuilder(json.length());
        json.chars().forEach(unit -> {
            if (unit < 0x80) {
                ascii.append((char) unit);
            } else {
                ascii.append(String.format("\\u%04x", unit));
            }
        });
        return ascii.toString();
    }

    static String hmac(String secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
