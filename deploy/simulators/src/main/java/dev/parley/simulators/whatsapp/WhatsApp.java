package dev.parley.simulators.whatsapp;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;

/** Meta's side of WhatsApp, and the people who write to business numbers. */
public final class WhatsApp {

    private static final Map<String, String> FILE_TYPES = Map.of(
            "image",
            "image/png",
            "audio",
            "audio/ogg",
            "video",
            "video/mp4",
            "document",
            "application/pdf",
            "sticker",
            "image/webp");

    private final Numbers numbers;
    private final Files files = new Files();
    private final RandomIds ids = new RandomIds();
    private final Clock clock;
    private final HttpClient client;
    private final Notifications notifications;
    private final Outbox outbox;
    private final Endpoint endpoint;

    /**
     * Meta's servers with the numbers that the state file knows.
     *
     * @param url the simulators' own address
     */
    public WhatsApp(Vertx vertx, Clock clock, StateFile state, WebhookSender sender, String url) {
        this.clock = clock;
        this.client = vertx.createHttpClient();
        this.numbers = new Numbers(state);
        this.notifications = new Notifications(sender);
        this.outbox = new Outbox(numbers, notifications, ids, clock);
        this.endpoint = new WhatsAppEndpoint(numbers, files, outbox, this::setWebhook, url + "/whatsapp");
    }

    /** What is served under {@code /whatsapp}. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Changes a number as Meta's console would: {@code app_secret}, {@code access_token}, {@code status},
     * {@code quality_rating}, {@code templates} and so on.
     */
    public JsonObject set(String number, JsonObject wish) {
        PhoneNumber found = numbers.get(number);
        found.set(wish);
        numbers.changed();
        return found.shown();
    }

    /**
     * Somebody types an address into the console: Meta asks it, and uses it if it echoes the challenge.
     *
     * @param wish {@code url} and {@code verify_token}
     */
    public void setWebhook(String number, JsonObject wish, Consumer<JsonObject> done) {
        PhoneNumber found = numbers.get(number);
        String url = wish.getString("url");
        if (url == null || wish.getString("verify_token") == null) {
            throw new IllegalArgumentException("a webhook needs url and verify_token");
        }
        String challenge = Long.toString(clock.millis());
        client.request(new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(url + "?hub.mode=subscribe&hub.challenge=" + challenge + "&hub.verify_token="
                                + URLEncoder.encode(wish.getString("verify_token"), StandardCharsets.UTF_8)))
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> new JsonObject()
                        .put("status", response.statusCode())
                        .put("echoed", body.toString().equals(challenge))))
                .otherwise(failure -> new JsonObject().put("status", 0).put("echoed", false))
                .onSuccess(answer -> {
                    boolean verified = answer.getInteger("status") == 200 && answer.getBoolean("echoed");
                    if (verified) {
                        found.callbackUrl(url);
                        numbers.changed();
                    }
                    done.accept(answer.put("verified", verified));
                });
    }

    /**
     * End customers write to a number, in one notification.
     *
     * @param wish {@code from} and {@code text}, or {@code type} and the object of that name; if wanted {@code name},
     *     {@code id} (to repeat one), {@code timestamp}, {@code content} (a file's bytes in base64); or a list of such as
     *     {@code messages}; {@code secret} forges the signature
     * @return the ids of the messages
     */
    public JsonArray write(String number, JsonObject wish, Consumer<Delivery> attempted) {
        PhoneNumber found = numbers.get(number);
        JsonArray wishes = wish.getJsonArray("messages", new JsonArray().add(wish));
        JsonArray written = new JsonArray();
        JsonArray contacts = new JsonArray();
        JsonArray writtenIds = new JsonArray();
        for (Object each : wishes) {
            JsonObject message = message((JsonObject) each);
            String from = message.getString("from");
            found.wroteAt(from, Long.parseLong(message.getString("timestamp")));
            written.add(message);
            writtenIds.add(message.getString("id"));
            contacts.add(new JsonObject()
                    .put("wa_id", from)
                    .put("profile", new JsonObject().put("name", ((JsonObject) each).getString("name", "Customer"))));
        }
        numbers.changed();
        notifications.deliver(
                found,
                writtenIds.getString(0),
                written.getJsonObject(0).getString("from"),
                new JsonObject().put("contacts", contacts).put("messages", written),
                wish.getString("secret"),
                attempted);
        return writtenIds;
    }

    private JsonObject message(JsonObject wish) {
        String from = wish.getString("from", "");
        if (!from.matches("[1-9]\\d{6,14}")) {
            throw new IllegalArgumentException("a message needs from, 7 to 15 digits");
        }
        String type = wish.getString("type", "text");
        JsonObject message = new JsonObject()
                .put("from", from)
                .put("id", wish.getString("id", ids.next("wamid.", 40)))
                .put("timestamp", Long.toString(wish.getLong("timestamp", clock.millis() / 1000)))
                .put("type", type);
        Object content = wish.getValue(type);
        if (type.equals("text")) {
            message.put("text", new JsonObject().put("body", wish.getString("text", "")));
        } else if (FILE_TYPES.containsKey(type)) {
            JsonObject described = content instanceof JsonObject given ? given.copy() : new JsonObject();
            String mimeType = described.getString("mime_type", FILE_TYPES.get(type));
            described.put("mime_type", mimeType);
            if (!described.containsKey("id")) {
                described.put(
                        "id", files.add(mimeType, wish.getString("content")).id());
            }
            message.put(type, described);
        } else if (content != null) {
            message.put(type, content);
        }
        return message;
    }

    /**
     * Tells a status of a message that the number sent.
     *
     * @param wish {@code message_id} and {@code status}; if wanted {@code timestamp}, {@code errors}
     */
    public void tell(String number, JsonObject wish, Consumer<Delivery> attempted) {
        PhoneNumber found = numbers.get(number);
        JsonObject message = found.sent().stream()
                .filter(sent -> sent.getString("id").equals(wish.getString("message_id")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the number sent no such message"));
        outbox.tell(
                found,
                message,
                wish.getString("status", "read"),
                wish.getLong("timestamp", clock.millis() / 1000),
                wish.getJsonArray("errors"),
                attempted);
    }

    /** Says when a customer wrote last, in seconds: the clock of the window. */
    public void wrote(String number, String customer, long second) {
        numbers.get(number).wroteAt(customer, second);
        numbers.changed();
    }

    /** What the number sent, oldest first, the last 1,000; to one customer only unless it is null. */
    public JsonArray sent(String number, String customer) {
        JsonArray items = new JsonArray();
        new ArrayList<>(numbers.get(number).sent())
                .stream()
                        .filter(sent -> customer == null || sent.getString("to").equals(customer))
                        .forEach(items::add);
        return items;
    }
}
