package dev.parley.simulators.twilio;

import dev.parley.simulators.webhook.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Takes messages within Twilio's limits, lists them, and tells what becomes of them. */
final class Messages {

    private static final int LONGEST_BODY = 1600;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss +0000", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Accounts accounts;
    private final Calls calls;
    private final Clock clock;
    private final SplittableRandom random = new SplittableRandom();

    Messages(Accounts accounts, Calls calls, Clock clock) {
        this.accounts = accounts;
        this.calls = calls;
        this.clock = clock;
    }

    /** 34 characters as Twilio's own. */
    String sid(String prefix) {
        return prefix + String.format("%016x%016x", random.nextLong(), random.nextLong());
    }

    String now() {
        return TIME.format(clock.instant());
    }

    /** Takes a message, or refuses it as Twilio would. */
    JsonObject create(Account account, JsonObject form) {
        String to = form.getString("To", "");
        if (!to.matches("\\+[1-9]\\d{6,14}")) {
            throw new TwilioProblem(400, 21211, "The 'To' number " + to + " is not a valid phone number.");
        }
        String body = form.getString("Body", "");
        if (body.isBlank() && !form.containsKey("MediaUrl")) {
            throw new TwilioProblem(400, 21602, "Message body is required.");
        }
        if (body.length() > LONGEST_BODY) {
            throw new TwilioProblem(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
        }
        String service = form.getString("MessagingServiceSid");
        String from = form.getString("From", service == null ? "" : numberOf(account, service));
        if (service == null && !account.numbers().containsKey(from)) {
            throw new TwilioProblem(
                    400,
                    21606,
                    "The 'From' phone number provided (" + from
                            + ") is not a valid message-capable Twilio phone number for this destination/account.");
        }
        if (account.hasOptedOut(to, from)) {
            throw new TwilioProblem(400, 21610, "Attempt to send to unsubscribed recipient");
        }
        JsonObject message = message(account, sid("SM"), from, to, body)
                .put("messaging_service_sid", service)
                .put("status", service == null ? "queued" : "accepted")
                .put("_status_callback", form.getString("StatusCallback"));
        account.add("outbound-api", message);
        accounts.changed();
        JsonObject answer = shown(message);
        account.receipts().forEach(status -> tell(account, message, status, null, delivery -> {}));
        return answer;
    }

    private static String numberOf(Account account, String service) {
        if (!account.services().containsKey(service)) {
            throw new TwilioProblem(404, 21701, "The Messaging Service does not exist.");
        }
        return account.numbers().keySet().stream().findFirst().orElse("");
    }

    JsonObject message(Account account, String sid, String from, String to, String body) {
        return new JsonObject()
                .put("sid", sid)
                .put("account_sid", account.sid())
                .put("from", from)
                .put("to", to)
                .put("body", body)
                .put("num_segments", "1")
                .put("num_media", "0")
                .put("price", null)
                .put("error_code", null)
                .put("error_message", null)
                .put("api_version", "2010-04-01")
                .put("date_created", now())
                .put("date_updated", now())
                .put("date_sent", null)
                .put("uri", "/2010-04-01/Accounts/" + account.sid() + "/Messages/" + sid + ".json");
    }

    /** A message reached a status; whoever wants to know is told, in order. */
    void tell(Account account, JsonObject message, String status, String errorCode, Consumer<Delivery> attempted) {
        message.put("status", status).put("date_updated", now());
        if (status.equals("sent")) {
            message.put("date_sent", now());
        }
        if (errorCode != null) {
            message.put("error_code", Integer.valueOf(errorCode));
        }
        accounts.changed();
        String callback = message.getString("_status_callback");
        if (callback == null) {
            return;
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("AccountSid", account.sid());
        form.put("ApiVersion", "2010-04-01");
        form.put("From", message.getString("from"));
        form.put("To", message.getString("to"));
        form.put("MessageSid", message.getString("sid"));
        form.put("SmsSid", message.getString("sid"));
        form.put("MessageStatus", status);
        form.put("SmsStatus", status);
        if (errorCode != null) {
            form.put("ErrorCode", errorCode);
        }
        calls.form(
                message.getString("sid") + ":" + status,
                account.sid() + "/" + message.getString("to"),
                callback,
                form,
                account.authToken(),
                attempted);
    }

    /** The page of messages that fit, newest first. */
    JsonObject list(Account account, String to, String from, int size) {
        JsonArray items = new JsonArray();
        List<JsonObject> newest = account.messages().reversed();
        newest.stream()
                .filter(message -> to == null || message.getString("to").equals(to))
                .filter(message -> from == null || message.getString("from").equals(from))
                .limit(size)
                .forEach(message -> items.add(shown(message)));
        return new JsonObject()
                .put("messages", items)
                .put("page", 0)
                .put("page_size", size)
                .put("start", 0)
                .put("end", Math.max(0, items.size() - 1))
                .put("first_page_uri", "/2010-04-01/Accounts/" + account.sid() + "/Messages.json?PageSize=" + size)
                .put("next_page_uri", null)
                .put("previous_page_uri", null)
                .put("uri", "/2010-04-01/Accounts/" + account.sid() + "/Messages.json?PageSize=" + size);
    }

    static JsonObject shown(JsonObject message) {
        JsonObject shown = message.copy();
        List.copyOf(shown.fieldNames()).stream()
                .filter(name -> name.startsWith("_"))
                .forEach(shown::remove);
        return shown;
    }
}
