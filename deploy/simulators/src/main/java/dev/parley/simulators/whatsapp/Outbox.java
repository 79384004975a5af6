package dev.parley.simulators.whatsapp;

import dev.parley.simulators.exchange.RandomIds;
import dev.parley.simulators.webhook.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Set;
import java.util.function.Consumer;

/** Takes the messages of numbers, within their limits, and tells what becomes of them. */
final class Outbox {

    private static final int LONGEST_TEXT = 4096;
    private static final int LONGEST_CAPTION = 1024;
    private static final int MOST_BUTTONS = 3;
    private static final int LONGEST_TITLE = 20;
    private static final int LONGEST_REFERENCE = 512;
    private static final long WINDOW_SECONDS = 24 * 3_600;
    private static final Set<String> FILES = Set.of("image", "audio", "video", "document", "sticker");

    private final Numbers numbers;
    private final Notifications notifications;
    private final RandomIds ids;
    private final Clock clock;

    Outbox(Numbers numbers, Notifications notifications, RandomIds ids, Clock clock) {
        this.numbers = numbers;
        this.notifications = notifications;
        this.ids = ids;
        this.clock = clock;
    }

    /** Takes a message, or refuses it as Meta would. */
    JsonObject take(PhoneNumber number, JsonObject body) {
        if (!"whatsapp".equals(body.getString("messaging_product"))) {
            throw WhatsAppProblem.parameter("The parameter messaging_product is required.");
        }
        if ("read".equals(body.getString("status"))) {
            return new JsonObject().put("success", true);
        }
        String to = body.getString("to", "").replaceAll("\\D", "");
        if (to.length() < 7 || to.length() > 15) {
            throw WhatsAppProblem.parameter("The parameter to is required.");
        }
        String type = body.getString("type", "text");
        check(number, type, body);
        JsonObject message = new JsonObject()
                .put("id", ids.next("wamid.", 40))
                .put("to", to)
                .put("type", type)
                .put("at", clock.instant().toString())
                .put("body", body);
        WhatsAppProblem late = type.equals("template") || isOpen(number, to) ? null : WhatsAppProblem.tooLate();
        if (late != null && !number.refusesLate()) {
            throw late;
        }
        number.sent(message);
        numbers.changed();
        if (late != null) {
            tell(number, message, "failed", now(), new JsonArray().add(late.inWebhook()), delivery -> {});
        } else {
            number.receipts().forEach(status -> tell(number, message, status, now(), null, delivery -> {}));
        }
        return new JsonObject()
                .put("messaging_product", "whatsapp")
                .put(
                        "contacts",
                        new JsonArray().add(new JsonObject().put("input", to).put("wa_id", to)))
                .put("messages", new JsonArray().add(new JsonObject().put("id", message.getString("id"))));
    }

    /** Delivers a status of a message. */
    void tell(
            PhoneNumber number,
            JsonObject message,
            String status,
            long second,
            JsonArray errors,
            Consumer<Delivery> attempted) {
        JsonObject told = new JsonObject()
                .put("id", message.getString("id"))
                .put("status", status)
                .put("timestamp", Long.toString(second))
                .put("recipient_id", message.getString("to"));
        String reference = message.getJsonObject("body").getString("biz_opaque_callback_data");
        if (reference != null) {
            told.put("biz_opaque_callback_data", reference);
        }
        if (errors != null) {
            told.put("errors", errors);
        }
        notifications.deliver(
                number,
                message.getString("id") + ":" + status,
                message.getString("to"),
                new JsonObject().put("statuses", new JsonArray().add(told)),
                null,
                attempted);
    }

    private boolean isOpen(PhoneNumber number, String customer) {
        Long wrote = number.wroteAt(customer);
        return wrote != null && now() - wrote < WINDOW_SECONDS;
    }

    private long now() {
        return clock.millis() / 1000;
    }

    private static void check(PhoneNumber number, String type, JsonObject body) {
        if (body.getString("biz_opaque_callback_data", "").length() > LONGEST_REFERENCE) {
            throw WhatsAppProblem.parameter("biz_opaque_callback_data is too long.");
        }
        JsonObject content = body.getJsonObject(type);
        if (content == null) {
            throw WhatsAppProblem.parameter("The parameter " + type + " is required.");
        }
        switch (type) {
            case "text" -> text(content.getString("body", ""), LONGEST_TEXT);
            case "interactive" -> interactive(content);
            case "template" -> template(number, content);
            default -> {
                if (!FILES.contains(type)) {
                    throw new WhatsAppProblem(400, 131009, "Parameter value is not valid", "Unknown type " + type);
                }
                file(type, content);
            }
        }
    }

    private static void text(String text, int longest) {
        if (text.isBlank()) {
            throw WhatsAppProblem.parameter("The parameter text['body'] is required.");
        }
        if (text.length() > longest) {
            throw WhatsAppProblem.parameter("Param text['body'] must be at most " + longest + " characters long.");
        }
    }

    private static void interactive(JsonObject content) {
        if (!"button".equals(content.getString("type"))) {
            throw WhatsAppProblem.parameter("The simulator knows interactive messages of the type button.");
        }
        text(content.getJsonObject("body", new JsonObject()).getString("text", ""), LONGEST_CAPTION);
        JsonArray buttons = content.getJsonObject("action", new JsonObject()).getJsonArray("buttons", new JsonArray());
        if (buttons.isEmpty() || buttons.size() > MOST_BUTTONS) {
            throw WhatsAppProblem.parameter("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3");
        }
        for (Object each : buttons) {
            JsonObject reply = ((JsonObject) each).getJsonObject("reply", new JsonObject());
            String title = reply.getString("title", "");
            if (title.isBlank()
                    || title.length() > LONGEST_TITLE
                    || reply.getString("id", "").isEmpty()) {
                throw WhatsAppProblem.parameter("Button title length invalid. Min length: 1, Max length: 20");
            }
        }
    }

    private static void template(PhoneNumber number, JsonObject content) {
        String name = content.getString("name", "");
        String language = content.getJsonObject("language", new JsonObject()).getString("code", "");
        Integer wanted = number.parametersOf(name, language);
        if (wanted == null) {
            throw new WhatsAppProblem(
                    404,
                    132001,
                    "Template name does not exist in the translation",
                    "template name (" + name + ") does not exist in " + language);
        }
        int given = content.getJsonArray("components", new JsonArray()).stream()
                .map(JsonObject.class::cast)
                .filter(component -> "body".equals(component.getString("type")))
                .mapToInt(component ->
                        component.getJsonArray("parameters", new JsonArray()).size())
                .sum();
        if (given != wanted) {
            throw new WhatsAppProblem(
                    400,
                    132000,
                    "Number of parameters does not match the expected number of params",
                    "body: number of localizable_params (" + given + ") does not match the expected number of params ("
                            + wanted + ")");
        }
    }

    private static void file(String type, JsonObject content) {
        if (!content.containsKey("link") && !content.containsKey("id")) {
            throw WhatsAppProblem.parameter("The parameter " + type + " needs id or link.");
        }
        if (content.containsKey("caption") && (type.equals("audio") || type.equals("sticker"))) {
            throw WhatsAppProblem.parameter("Unexpected key \"caption\" on param \"" + type + "\".");
        }
        if (content.getString("caption", "").length() > LONGEST_CAPTION) {
            throw WhatsAppProblem.parameter("Param caption must be at most 1024 characters long.");
        }
    }
}
