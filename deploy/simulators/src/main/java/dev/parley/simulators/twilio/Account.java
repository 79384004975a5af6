package dev.parley.simulators.twilio;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One account as Twilio knows it: its token, numbers, messaging services, who opted out, and its messages. */
final class Account {

    private static final int MOST_MESSAGES = 1_000;

    private final String sid;
    private final Map<String, JsonObject> numbers = new LinkedHashMap<>();
    private final Map<String, JsonObject> services = new LinkedHashMap<>();
    private final Set<String> optedOut = new HashSet<>();
    private final List<JsonObject> messages = new ArrayList<>();
    private String authToken = "twilio-auth-token-local";
    private String status = "active";
    private JsonArray receipts = new JsonArray().add("sent").add("delivered");

    Account(String sid) {
        this.sid = sid;
    }

    static Account fromJson(JsonObject saved) {
        Account account = new Account(saved.getString("sid"));
        account.authToken = saved.getString("auth_token");
        account.status = saved.getString("status");
        account.receipts = saved.getJsonArray("receipts");
        saved.getJsonArray("numbers").forEach(each -> account.add((JsonObject) each));
        saved.getJsonArray("services").forEach(each -> {
            JsonObject service = (JsonObject) each;
            account.services.put(service.getString("sid"), service);
        });
        saved.getJsonArray("opted_out").forEach(pair -> account.optedOut.add((String) pair));
        saved.getJsonArray("messages").forEach(message -> account.messages.add((JsonObject) message));
        return account;
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("sid", sid)
                .put("auth_token", authToken)
                .put("status", status)
                .put("receipts", receipts)
                .put("numbers", new JsonArray(new ArrayList<>(numbers.values())))
                .put("services", new JsonArray(new ArrayList<>(services.values())))
                .put("opted_out", new JsonArray(new ArrayList<>(optedOut)))
                .put("messages", new JsonArray(new ArrayList<>(messages)));
    }

    /** Changes what Twilio's console would; new numbers and services are added to the old. */
    void set(JsonObject wish) {
        for (String name : wish.fieldNames()) {
            switch (name) {
                case "auth_token" -> authToken = wish.getString(name);
                case "status" -> status = wish.getString(name);
                case "receipts" -> receipts = wish.getJsonArray(name);
                case "numbers" ->
                    wish.getJsonArray(name).forEach(number -> add(number((String) number, numbers.size())));
                case "services" -> wish.getJsonArray(name).forEach(service -> addService((String) service));
                default ->
                    throw new IllegalArgumentException(
                            "unknown member " + name + ", known are auth_token, status, receipts, numbers, services");
            }
        }
    }

    private JsonObject number(String number, int index) {
        return new JsonObject()
                .put("sid", "PN" + sid.substring(2, 24) + String.format("%010d", index))
                .put("account_sid", sid)
                .put("phone_number", number)
                .put("friendly_name", number)
                .put("sms_url", "")
                .put("sms_method", "POST")
                .put(
                        "capabilities",
                        new JsonObject().put("sms", true).put("mms", true).put("voice", true));
    }

    private void add(JsonObject number) {
        numbers.putIfAbsent(number.getString("phone_number"), number);
    }

    private void addService(String service) {
        services.putIfAbsent(
                service,
                new JsonObject()
                        .put("sid", service)
                        .put("account_sid", sid)
                        .put("friendly_name", "Parley service")
                        .put("inbound_request_url", null)
                        .put("inbound_method", "POST")
                        .put("use_inbound_webhook_on_number", true));
    }

    String sid() {
        return sid;
    }

    String authToken() {
        return authToken;
    }

    /** The statuses that each message gets by itself, in this order. */
    List<String> receipts() {
        return receipts.stream().map(String::valueOf).toList();
    }

    /** By number; what is in it may be changed. */
    Map<String, JsonObject> numbers() {
        return numbers;
    }

    /** By sid; what is in it may be changed. */
    Map<String, JsonObject> services() {
        return services;
    }

    boolean hasOptedOut(String customer, String from) {
        return optedOut.contains(customer + ">" + from);
    }

    void optOut(String customer, String from, boolean out) {
        if (out) {
            optedOut.add(customer + ">" + from);
        } else {
            optedOut.remove(customer + ">" + from);
        }
    }

    /** Oldest first, the last 1,000; what is in one may be changed. */
    List<JsonObject> messages() {
        return messages;
    }

    void add(String direction, JsonObject message) {
        messages.add(message.put("direction", direction));
        if (messages.size() > MOST_MESSAGES) {
            messages.removeFirst();
        }
    }

    /** The account as the API shows it. */
    JsonObject shown() {
        return new JsonObject()
                .put("sid", sid)
                .put("friendly_name", "Parley " + sid.substring(2, 8))
                .put("status", status)
                .put("type", "Full")
                .put("owner_account_sid", sid)
                .put("uri", "/2010-04-01/Accounts/" + sid + ".json");
    }
}
