package dev.parley.simulators.twilio;

import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.Target;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Calls addresses of customers, signed, in the order of a recipient. As at Twilio a call that fails is not repeated. */
final class Calls {

    private static final String SIGNATURE = "X-Twilio-Signature";

    private final WebhookSender sender;

    Calls(WebhookSender sender) {
        this.sender = sender;
    }

    void form(
            String id, String lane, String url, Map<String, String> form, String token, Consumer<Delivery> attempted) {
        submit(
                id,
                lane,
                new Target(
                        url,
                        Map.of(
                                "Content-Type",
                                "application/x-www-form-urlencoded; charset=UTF-8",
                                SIGNATURE,
                                TwilioSignature.of(url, form, token))),
                Buffer.buffer(written(form)),
                attempted);
    }

    void get(String id, String lane, String url, Map<String, String> form, String token, Consumer<Delivery> attempted) {
        String whole = url + (url.contains("?") ? "&" : "?") + written(form);
        submit(
                id,
                lane,
                new Target("GET", whole, Map.of(SIGNATURE, TwilioSignature.of(whole, Map.of(), token))),
                Buffer.buffer(),
                attempted);
    }

    void json(String id, String lane, String url, Buffer body, String token, Consumer<Delivery> attempted) {
        String whole = url + (url.contains("?") ? "&" : "?") + "bodySHA256=" + TwilioSignature.hash(body.getBytes());
        submit(
                id,
                lane,
                new Target(
                        whole,
                        Map.of(
                                "Content-Type",
                                "application/json",
                                SIGNATURE,
                                TwilioSignature.of(whole, Map.of(), token))),
                body,
                attempted);
    }

    private void submit(String id, String lane, Target target, Buffer body, Consumer<Delivery> attempted) {
        sender.submit(new Delivery(id, lane, () -> target, body, false, () -> {}).onFirstAttempt(attempted));
    }

    private static String written(Map<String, String> form) {
        return form.entrySet().stream()
                .map(member -> encoded(member.getKey()) + "=" + encoded(member.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
