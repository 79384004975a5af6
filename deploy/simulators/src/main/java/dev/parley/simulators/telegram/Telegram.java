package dev.parley.simulators.telegram;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.function.Consumer;

/** Telegram's servers, and the people who write to bots. */
public final class Telegram {

    private final Bots bots;
    private final Clock clock;
    private final Endpoint endpoint;

    /** The servers with the bots the state file knows. */
    public Telegram(Clock clock, StateFile state, WebhookSender sender) {
        this.clock = clock;
        bots = new Bots(clock, state, sender);
        endpoint = new TelegramEndpoint(bots, clock);
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
     * @param wish {@code chat_id} and {@code text}; if wanted {@code from} (a Telegram user), {@code update_id} (to
     *     repeat one), {@code message_id}
     * @param attempted told when the webhook was first tried; not at all while the bot has none
     * @return the update
     * @throws IllegalArgumentException when chat or text are missing
     */
    public JsonObject write(String token, JsonObject wish, Consumer<Delivery> attempted) {
        Long chatId = wish.getLong("chat_id");
        if (chatId == null || wish.getString("text") == null) {
            throw new IllegalArgumentException("a message needs chat_id (a number) and text");
        }
        JsonObject from = new JsonObject()
                .put("id", Math.abs(chatId))
                .put("is_bot", false)
                .put("first_name", "Customer")
                .put("language_code", "en")
                .mergeIn(wish.getJsonObject("from", new JsonObject()));
        JsonObject chat = new JsonObject().put("id", chatId);
        if (chatId > 0) {
            chat.put("type", "private").put("first_name", from.getString("first_name"));
        } else {
            chat.put("type", "group").put("title", "Group " + -chatId);
        }
        JsonObject message = new JsonObject()
                .put("from", from)
                .put("chat", chat)
                .put("date", clock.millis() / 1000)
                .put("text", wish.getString("text"));
        if (wish.containsKey("message_id")) {
            message.put("message_id", wish.getLong("message_id"));
        }
        return bots.write(bots.get(token), message, wish.getLong("update_id"), attempted);
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
