package dev.parley.simulators.telegram;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One bot as Telegram's servers know it: its webhook, its counters, the updates not yet taken, and what it sent. */
final class Bot {

    private static final int MOST_SENT = 1_000;

    private final String token;
    private final long id;
    private final List<JsonObject> sent = new ArrayList<>();
    private final Map<Long, JsonObject> pending = new LinkedHashMap<>();
    private String webhookUrl = "";
    private String secretToken = "";
    private int maxConnections = 40;
    private List<String> allowedUpdates = List.of();
    private long lastUpdateId;
    private long lastMessageId;
    private long lastErrorAt;
    private String lastError;

    Bot(String token, long firstUpdateId) {
        this.token = token;
        this.id = Long.parseLong(token.substring(0, token.indexOf(':')));
        this.lastUpdateId = firstUpdateId;
    }

    static Bot fromJson(JsonObject saved) {
        Bot bot = new Bot(saved.getString("token"), saved.getLong("last_update_id"));
        bot.webhookUrl = saved.getString("webhook_url");
        bot.secretToken = saved.getString("secret_token");
        bot.maxConnections = saved.getInteger("max_connections");
        List<String> allowed = new ArrayList<>();
        saved.getJsonArray("allowed_updates").forEach(type -> allowed.add((String) type));
        bot.allowedUpdates = allowed;
        bot.lastMessageId = saved.getLong("last_message_id");
        saved.getJsonArray("sent").forEach(message -> bot.sent.add((JsonObject) message));
        saved.getJsonArray("pending").forEach(each -> {
            JsonObject update = (JsonObject) each;
            bot.pending.put(update.getLong("update_id"), update);
        });
        return bot;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("token", token)
                .put("webhook_url", webhookUrl)
                .put("secret_token", secretToken)
                .put("max_connections", maxConnections)
                .put("allowed_updates", new JsonArray(new ArrayList<>(allowedUpdates)))
                .put("last_update_id", lastUpdateId)
                .put("last_message_id", lastMessageId)
                .put("sent", new JsonArray(new ArrayList<>(sent)))
                .put("pending", new JsonArray(new ArrayList<>(pending.values())));
    }

    JsonObject user() {
        return new JsonObject()
                .put("id", id)
                .put("is_bot", true)
                .put("first_name", "Parley bot " + id)
                .put("username", "parley_" + id + "_bot");
    }

    String webhookUrl() {
        return webhookUrl;
    }

    String secretToken() {
        return secretToken;
    }

    void webhook(String url, String secret, int connections, List<String> allowed) {
        webhookUrl = url;
        secretToken = secret;
        maxConnections = connections;
        allowedUpdates = List.copyOf(allowed);
        lastErrorAt = 0;
        lastError = null;
    }

    boolean wants(String updateType) {
        return allowedUpdates.isEmpty() || allowedUpdates.contains(updateType);
    }

    void failed(String reason, long at) {
        lastError = reason;
        lastErrorAt = at;
    }

    JsonObject webhookInfo() {
        JsonObject info = new JsonObject()
                .put("url", webhookUrl)
                .put("has_custom_certificate", false)
                .put("pending_update_count", pending.size());
        if (lastError != null) {
            info.put("last_error_date", lastErrorAt).put("last_error_message", lastError);
        }
        if (!webhookUrl.isEmpty()) {
            info.put("max_connections", maxConnections).put("ip_address", "127.0.0.1");
        }
        if (!allowedUpdates.isEmpty()) {
            info.put("allowed_updates", new JsonArray(new ArrayList<>(allowedUpdates)));
        }
        return info;
    }

    long nextMessageId() {
        return ++lastMessageId;
    }

    /** The next update id, or the wished one if it is given. */
    long nextUpdateId(Long wished) {
        if (wished == null) {
            return ++lastUpdateId;
        }
        lastUpdateId = Math.max(lastUpdateId, wished);
        return wished;
    }

    Map<Long, JsonObject> pending() {
        return pending;
    }

    List<JsonObject> sent() {
        return sent;
    }

    void sent(JsonObject message) {
        sent.add(message);
        if (sent.size() > MOST_SENT) {
            sent.removeFirst();
        }
    }
}
