package dev.parley.simulators.twilio;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.StateFile;
import dev.parley.simulators.webhook.Delivery;
import dev.parley.simulators.webhook.WebhookSender;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Twilio's servers, and the people who write to its customers' numbers. */
public final class Twilio {

    private static final Set<String> STOP = Set.of("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT");
    private static final Set<String> START = Set.of("START", "YES", "UNSTOP");

    private final Accounts accounts;
    private final MediaFiles files = new MediaFiles();
    private final Calls calls;
    private final Messages messages;
    private final Endpoint endpoint;

    /**
     * Twilio's servers with the accounts that the state file knows.
     *
     * @param url the simulators' own address
     */
    public Twilio(Clock clock, StateFile state, WebhookSender sender, String url) {
        this.accounts = new Accounts(state);
        this.calls = new Calls(sender);
        this.messages = new Messages(accounts, calls, clock);
        this.endpoint = new TwilioEndpoint(accounts, messages, files, url + "/twilio");
    }

    /** What is served under {@code /twilio}. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Makes or changes an account as Twilio's console would: {@code auth_token}, {@code numbers}, {@code services},
     * {@code status}, {@code receipts}.
     */
    public JsonObject set(String account, JsonObject wish) {
        Account found = accounts.make(account);
        found.set(wish);
        accounts.changed();
        return found.shown();
    }

    /**
     * An end customer writes.
     *
     * @param wish {@code from}, {@code to} and {@code body}; if wanted {@code media} (a list of mime types),
     *     {@code message_sid} (to repeat one), {@code method} (GET), {@code json}, {@code auth_token} (forges the
     *     signature), {@code more} (further members)
     * @return the sid, and whether anybody is told
     */
    public JsonObject write(String sid, JsonObject wish, Consumer<Delivery> attempted) {
        Account account = account(sid);
        String from = wish.getString("from", "");
        String to = wish.getString("to", "");
        JsonObject number = account.numbers().get(to);
        if (from.isEmpty() || number == null) {
            throw new IllegalArgumentException("a message needs from, and to: a number of the account");
        }
        String body = wish.getString("body", "");
        JsonArray media = wish.getJsonArray("media", new JsonArray());
        String message = wish.getString("message_sid", messages.sid(media.isEmpty() ? "SM" : "MM"));
        JsonArray files = new JsonArray();
        account.add(
                "inbound",
                messages.message(account, message, from, to, body)
                        .put("status", "received")
                        .put("num_media", Integer.toString(media.size()))
                        .put("_media", files));
        obeyOptOut(account, from, to, body);
        accounts.changed();
        Map<String, String> form = form(account, message, from, to, body);
        for (int i = 0; i < media.size(); i++) {
            String file = messages.sid("ME");
            this.files.add(file, media.getString(i));
            files.add(new JsonObject().put("sid", file).put("content_type", media.getString(i)));
            form.put("MediaContentType" + i, media.getString(i));
            form.put(
                    "MediaUrl" + i,
                    "https://api.twilio.com/2010-04-01/Accounts/" + sid + "/Messages/" + message + "/Media/" + file);
        }
        form.put("NumMedia", Integer.toString(media.size()));
        JsonObject service = account.services().values().stream()
                .filter(each -> each.getString("inbound_request_url") != null)
                .findFirst()
                .orElse(null);
        if (service != null) {
            form.put("MessagingServiceSid", service.getString("sid"));
        }
        wish.getJsonObject("more", new JsonObject())
                .forEach(more -> form.put(more.getKey(), more.getValue().toString()));
        String url = service == null ? number.getString("sms_url") : service.getString("inbound_request_url");
        String fallback =
                service == null ? number.getString("sms_fallback_url", "") : service.getString("fallback_url", "");
        if (!url.isEmpty()) {
            call(account, wish, message, url, form, first -> {
                if (first.failure() != null && !fallback.isEmpty()) {
                    form.put("ErrorCode", "11200");
                    form.put("ErrorUrl", url);
                    call(account, wish, message, fallback, form, attempted);
                } else {
                    attempted.accept(first);
                }
            });
        }
        return new JsonObject().put("message_sid", message).put("webhook", !url.isEmpty());
    }

    private void call(
            Account account,
            JsonObject wish,
            String message,
            String url,
            Map<String, String> form,
            Consumer<Delivery> attempted) {
        String token = wish.getString("auth_token", account.authToken());
        String lane = account.sid() + "/" + form.get("From");
        if (wish.getBoolean("json", false)) {
            calls.json(message, lane, url, new JsonObject(new LinkedHashMap<>(form)).toBuffer(), token, attempted);
        } else if ("GET".equals(wish.getString("method"))) {
            calls.get(message, lane, url, form, token, attempted);
        } else {
            calls.form(message, lane, url, form, token, attempted);
        }
    }

    private static Map<String, String> form(Account account, String message, String from, String to, String body) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("ToCountry", "US");
        form.put("MessageSid", message);
        form.put("SmsMessageSid", message);
        form.put("SmsSid", message);
        form.put("SmsStatus", "received");
        form.put("AccountSid", account.sid());
        form.put("ApiVersion", "2010-04-01");
        form.put("NumSegments", "1");
        form.put("From", from);
        form.put("To", to);
        form.put("Body", body);
        return form;
    }

    private static void obeyOptOut(Account account, String from, String to, String body) {
        String word = body.strip().toUpperCase(Locale.ROOT);
        if (STOP.contains(word)) {
            account.optOut(from, to, true);
        } else if (START.contains(word)) {
            account.optOut(from, to, false);
        }
    }

    /**
     * A message reaches a status.
     *
     * @param wish {@code message_sid} and {@code status}; if wanted {@code error_code}
     */
    public void tell(String sid, JsonObject wish, Consumer<Delivery> attempted) {
        Account account = account(sid);
        JsonObject message = account.messages().stream()
                .filter(each -> each.getString("sid").equals(wish.getString("message_sid")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the account has no such message"));
        if (message.getString("_status_callback") == null) {
            throw new IllegalArgumentException("nobody wants to know what becomes of that message");
        }
        messages.tell(account, message, wish.getString("status", "read"), wish.getString("error_code"), attempted);
    }

    /** What the account sent, oldest first; to one number only unless it is null. */
    public JsonArray sent(String sid, String to) {
        JsonArray items = new JsonArray();
        new ArrayList<>(account(sid).messages())
                .stream()
                        .filter(message -> message.getString("direction").startsWith("outbound"))
                        .filter(message -> to == null || message.getString("to").equals(to))
                        .forEach(message -> items.add(Messages.shown(message)));
        return items;
    }

    private Account account(String sid) {
        Account account = accounts.find(sid);
        if (account == null) {
            throw new IllegalArgumentException("there is no such account; PUT it first");
        }
        return account;
    }
}
