package dev.parley.simulators.whatsapp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One business number as Meta knows it: its app, its webhook, its templates, who wrote to it and what it sent. */
final class PhoneNumber {

    private static final int MOST_SENT = 1_000;
    private static final List<String> SETTINGS = List.of(
            "app_secret",
            "access_token",
            "display_phone_number",
            "verified_name",
            "status",
            "quality_rating",
            "templates",
            "receipts",
            "late_refusals");

    private final String id;
    private final JsonObject settings;
    private final Map<String, Long> wroteAt = new TreeMap<>();
    private final List<JsonObject> sent = new ArrayList<>();
    private String callbackUrl = "";

    PhoneNumber(String id) {
        this.id = id;
        this.settings = new JsonObject()
                .put("app_secret", "whatsapp-app-secret-local")
                .put("display_phone_number", "+1 555-" + id.substring(Math.max(0, id.length() - 4)))
                .put("verified_name", "Parley " + id)
                .put("status", "CONNECTED")
                .put("quality_rating", "GREEN")
                .put(
                        "templates",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "hello_world")
                                        .put("language", "en_US")
                                        .put("parameters", 0)))
                .put("receipts", new JsonArray().add("sent").add("delivered").add("read"))
                .put("late_refusals", true);
    }

    static PhoneNumber fromJson(JsonObject saved) {
        PhoneNumber number = new PhoneNumber(saved.getString("id"));
        number.settings.mergeIn(saved.getJsonObject("settings"));
        number.callbackUrl = saved.getString("callback_url");
        saved.getJsonObject("wrote_at")
                .forEach(wrote -> number.wroteAt.put(wrote.getKey(), ((Number) wrote.getValue()).longValue()));
        saved.getJsonArray("sent").forEach(message -> number.sent.add((JsonObject) message));
        return number;
    }

    JsonObject toJson() {
        JsonObject wrote = new JsonObject();
        wroteAt.forEach(wrote::put);
        return new JsonObject()
                .put("id", id)
                .put("settings", settings)
                .put("callback_url", callbackUrl)
                .put("wrote_at", wrote)
                .put("sent", new JsonArray(new ArrayList<>(sent)));
    }

    /**
     * Changes what Meta's console would.
     *
     * @throws IllegalArgumentException naming a setting that is unknown
     */
    void set(JsonObject wish) {
        for (String name : wish.fieldNames()) {
            if (!SETTINGS.contains(name)) {
                throw new IllegalArgumentException("unknown member " + name + ", known are " + SETTINGS);
            }
        }
        settings.mergeIn(wish);
    }

    String id() {
        return id;
    }

    String appSecret() {
        return settings.getString("app_secret");
    }

    boolean isAccessToken(String token) {
        String own = settings.getString("access_token");
        return own == null ? !token.contains("invalid") : own.equals(token);
    }

    boolean refusesLate() {
        return settings.getBoolean("late_refusals");
    }

    /** The statuses that each message gets by itself, in this order. */
    List<String> receipts() {
        return settings.getJsonArray("receipts").stream().map(String::valueOf).toList();
    }

    /** How many parameters a template has, or null when there is none. */
    Integer parametersOf(String template, String language) {
        return settings.getJsonArray("templates").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("name").equals(template)
                        && each.getString("language").equals(language))
                .map(each -> each.getInteger("parameters", 0))
                .findFirst()
                .orElse(null);
    }

    String callbackUrl() {
        return callbackUrl;
    }

    void callbackUrl(String url) {
        callbackUrl = url;
    }

    /** When a customer wrote last, in seconds, or null. */
    Long wroteAt(String customer) {
        return wroteAt.get(customer);
    }

    void wroteAt(String customer, long second) {
        wroteAt.put(customer, second);
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

    /** The number as the Graph API shows it. */
    JsonObject shown() {
        JsonObject webhook = new JsonObject().put("application", "");
        if (!callbackUrl.isEmpty()) {
            webhook.put("phone_number", callbackUrl);
        }
        return new JsonObject()
                .put("id", id)
                .put("display_phone_number", settings.getString("display_phone_number"))
                .put("verified_name", settings.getString("verified_name"))
                .put("quality_rating", settings.getString("quality_rating"))
                .put("status", settings.getString("status"))
                .put("code_verification_status", "VERIFIED")
                .put("platform_type", "CLOUD_API")
                .put("webhook_configuration", webhook);
    }
}
