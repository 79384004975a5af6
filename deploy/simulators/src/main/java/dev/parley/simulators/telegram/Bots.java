package dev.parley.simulators.telegram;

import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.Target;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** All bots by token, and the delivery of their updates. Any well-formed token is a bot. */
final class Bots {

    private final Map<String, Bot> byToken = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom();
    private final Clock clock;
    private final StateFile state;
    private final WebhookSender sender;

    Bots(Clock clock, StateFile state, WebhookSender sender) {
        this.clock = clock;
        this.state = state;
        this.sender = sender;
        JsonObject saved = state.attach("telegram", this::toJson);
        saved.getJsonArray("bots", new JsonArray())
                .forEach(bot -> byToken.put(((JsonObject) bot).getString("token"), Bot.fromJson((JsonObject) bot)));
    }

    private Buffer toJson() {
        JsonArray bots = new JsonArray();
        byToken.values().forEach(bot -> bots.add(bot.toJson()));
        return new JsonObject().put("bots", bots).toBuffer();
    }

    /** {@code <digits>:<at least 20 of A-Z a-z 0-9 _ ->}. */
    static boolean isToken(String token) {
        return token.matches("[1-9]\\d{0,17}:[A-Za-z0-9_-]{20,}");
    }

    Bot get(String token) {
        Bot bot = byToken.get(token);
        if (bot == null) {
            bot = new Bot(token, random.nextInt(100_000_000, 900_000_000));
            byToken.put(token, bot);
            state.changed();
        }
        return bot;
    }

    void webhookSet(Bot bot, boolean same) {
        state.changed();
        if (!same) {
            deliverPending(bot);
        }
    }

    void dropWebhook(Bot bot, boolean dropPending) {
        bot.webhook("", "", 40, List.of());
        if (dropPending) {
            bot.pending().clear();
        }
        state.changed();
    }

    void confirm(Bot bot, long offset) {
        if (bot.pending().keySet().removeIf(id -> id < offset)) {
            state.changed();
        }
    }

    void sent(Bot bot, JsonObject message, String method, Arguments arguments) {
        bot.sent(new JsonObject()
                .put("method", method)
                .put("at", clock.instant().toString())
                .put("message", message)
                .put("arguments", new JsonObject(new HashMap<>(arguments.all()))));
        state.changed();
    }

    /** Delivers what was waiting when the simulators stopped. */
    void resume() {
        byToken.values().forEach(this::deliverPending);
    }

    private void deliverPending(Bot bot) {
        if (!bot.webhookUrl().isEmpty()) {
            List.copyOf(bot.pending().values()).forEach(update -> deliver(bot, update, delivery -> {}));
        }
    }

    /** Something happened to the bot: makes the update of that kind and delivers it. */
    JsonObject tell(Bot bot, String kind, JsonObject what, Long updateId, Consumer<Delivery> attempted) {
        JsonObject update =
                new JsonObject().put("update_id", bot.nextUpdateId(updateId)).put(kind, what);
        if (!bot.wants(kind)) {
            return update;
        }
        bot.pending().put(update.getLong("update_id"), update);
        state.changed();
        if (!bot.webhookUrl().isEmpty()) {
            deliver(bot, update, attempted);
        }
        return update;
    }

    private void deliver(Bot bot, JsonObject update, Consumer<Delivery> attempted) {
        long id = update.getLong("update_id");
        Buffer body = update.toBuffer();
        long chat = Telegram.messageOf(update).getJsonObject("chat").getLong("id");
        String lane = bot.user().getLong("id") + "/" + chat;
        Delivery delivery = new Delivery(Long.toString(id), lane, () -> target(bot, id), body, true, () -> {
            bot.pending().remove(id);
            state.changed();
        });
        sender.submit(delivery.onFirstAttempt(done -> {
            if (done.failure() != null) {
                bot.failed("Wrong response from the webhook: " + done.failure(), clock.millis() / 1000);
            }
            attempted.accept(done);
        }));
    }

    private static Target target(Bot bot, long updateId) {
        if (bot.webhookUrl().isEmpty() || !bot.pending().containsKey(updateId)) {
            return null;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        if (!bot.secretToken().isEmpty()) {
            headers.put("X-Telegram-Bot-Api-Secret-Token", bot.secretToken());
        }
        return new Target(bot.webhookUrl(), headers);
    }
}
