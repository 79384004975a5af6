package dev.parley.simulators.telegram;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Telegram's servers, and the people who write to bots. */
public final class Telegram {

    private final Bots bots;
    private final BotFiles files = new BotFiles();
    private final Clock clock;
    private final Endpoint endpoint;

    /** The servers with the bots the state file knows. */
    public Telegram(Clock clock, StateFile state, WebhookSender sender) {
        this.clock = clock;
        bots = new Bots(clock, state, sender);
        endpoint = new TelegramEndpoint(bots, files, clock);
    }

    /** What is served under {@code /telegram}. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Delivers the updates that were not taken before the last stop. */
    public void resume() {
        bots.resume();
    }

    /** Whether a text has the form of a bot's token. */
    public static boolean isToken(String token) {
        return Bots.isToken(token);
    }

    /**
     * An end customer writes to a bot.
     *
     * @param wish {@code chat_id} and {@code text}, or {@code file} (photo, voice, audio, video, document, sticker) with
     *     {@code caption}, {@code mime_type}, {@code file_name}, {@code content} (base64), or {@code message} (further
     *     members as Telegram has them); if wanted {@code from} (a Telegram user), {@code update_id} (to repeat one),
     *     {@code message_id}, {@code edited} (true: that message was changed)
     * @param attempted told when the webhook was first tried; not at all while the bot has none
     * @return the update
     * @throws IllegalArgumentException when the chat is missing, or nothing is said
     */
    public JsonObject write(String token, JsonObject wish, Consumer<Delivery> attempted) {
        Bot bot = bots.get(token);
        Long chatId = wish.getLong("chat_id");
        String file = wish.getString("file");
        if (chatId == null || (wish.getString("text") == null && file == null && !wish.containsKey("message"))) {
            throw new IllegalArgumentException("a message needs chat_id (a number) and text, file or message");
        }
        JsonObject from = person(chatId, wish);
        JsonObject chat = new JsonObject().put("id", chatId);
        if (chatId > 0) {
            chat.put("type", "private").put("first_name", from.getString("first_name"));
        } else {
            chat.put("type", "group").put("title", "Group " + -chatId);
        }
        JsonObject message =
                new JsonObject().put("from", from).put("chat", chat).put("date", clock.millis() / 1000);
        if (wish.getString("text") != null) {
            message.put("text", wish.getString("text"));
        }
        if (file != null) {
            message.put(file, files.add(file, wish));
            if (wish.containsKey("caption")) {
                message.put("caption", wish.getString("caption"));
            }
        }
        message.mergeIn(wish.getJsonObject("message", new JsonObject()));
        message.put("message_id", wish.containsKey("message_id") ? wish.getLong("message_id") : bot.nextMessageId());
        boolean edited = wish.getBoolean("edited", false);
        if (edited) {
            message.put("edit_date", clock.millis() / 1000);
        }
        return bots.tell(bot, edited ? "edited_message" : "message", message, wish.getLong("update_id"), attempted);
    }

    private static JsonObject person(long chatId, JsonObject wish) {
        return new JsonObject()
                .put("id", Math.abs(chatId))
                .put("is_bot", false)
                .put("first_name", "Customer")
                .put("language_code", "en")
                .mergeIn(wish.getJsonObject("from", new JsonObject()));
    }

    /**
     * An end customer presses a button under one of the bot's messages.
     *
     * @param wish {@code message_id} and {@code data}; if wanted {@code from}, {@code update_id}
     * @throws IllegalArgumentException when the bot sent no such message, or it has no such button
     */
    public JsonObject press(String token, JsonObject wish, Consumer<Delivery> attempted) {
        Bot bot = bots.get(token);
        String data = wish.getString("data", "");
        JsonObject message = bot.sent().stream()
                .map(sent -> sent.getJsonObject("message"))
                .filter(sent -> sent.getLong("message_id").equals(wish.getLong("message_id")))
                .filter(sent -> sent.getJsonObject("reply_markup", new JsonObject())
                        .encode()
                        .contains(new JsonObject()
                                .put("callback_data", data)
                                .encode()
                                .replaceAll("^.|.$", "")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such button under a message of the bot"));
        JsonObject query = new JsonObject()
                .put("id", Long.toString(clock.millis()))
                .put("from", person(message.getJsonObject("chat").getLong("id"), wish))
                .put("message", message)
                .put("chat_instance", "1")
                .put("data", data);
        return bots.tell(bot, "callback_query", query, wish.getLong("update_id"), attempted);
    }

    /** The message that an update is about. */
    public static JsonObject messageOf(JsonObject update) {
        for (String kind : List.of("message", "edited_message")) {
            if (update.containsKey(kind)) {
                return update.getJsonObject(kind);
            }
        }
        return update.getJsonObject("callback_query").getJsonObject("message");
    }

    /** Whether updates of this bot go to a webhook. */
    public boolean hasWebhook(String token) {
        return !bots.get(token).webhookUrl().isEmpty();
    }

    /** What the bot sent, oldest first, the last 1,000; of one chat only unless it is null. */
    public JsonArray sent(String token, Long chatId) {
        JsonArray items = new JsonArray();
        new ArrayList<>(bots.get(token).sent())
                .stream()
                        .filter(sent -> chatId == null
                                || sent.getJsonObject("message")
                                        .getJsonObject("chat")
                                        .getLong("id")
                                        .equals(chatId))
                        .forEach(items::add);
        return items;
    }
}
