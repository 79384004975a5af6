package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.vendor.VendorHttp;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Twilio's API of accounts and of what they send from: where it delivers. */
@ApplicationScoped
class TwilioApi {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String VERSION = "/2010-04-01/Accounts/";

    private final VendorHttp http;
    private final TwilioConfig config;
    private final ObjectMapper json;

    TwilioApi(VendorHttp http, TwilioConfig config, ObjectMapper json) {
        this.http = http;
        this.config = config;
        this.json = json;
    }

    /**
     * Checks the account and returns the public name of what it sends from.
     *
     * @throws Problem when Twilio refuses, lacks the number or the service, or cannot be reached
     */
    String identify(Account account) {
        account(account);
        JsonNode sender = sender(account);
        return account.number() == null ? sender.path("friendly_name").asText(account.service()) : account.number();
    }

    /** What Twilio tells of the account; throws as {@link #identify}. */
    JsonNode account(Account account) {
        return require(
                http.get(config.apiBase() + VERSION + account.sid() + ".json", authorization(account)),
                "refuses the credentials");
    }

    /** What Twilio tells of the number, the short code or the messaging service; throws as {@link #identify}. */
    JsonNode sender(Account account) {
        return switch (account.kind()) {
            case SERVICE ->
                require(
                        http.get(services() + account.service(), authorization(account)),
                        "has no such messaging service");
            case NUMBER ->
                listed(account, "/IncomingPhoneNumbers.json?PhoneNumber=", "incoming_phone_numbers", "phone_number");
            case SHORT_CODE -> listed(account, "/SMS/ShortCodes.json?ShortCode=", "short_codes", "short_code");
        };
    }

    private JsonNode listed(Account account, String path, String items, String name) {
        JsonNode found = require(
                        http.get(url(account, path) + TwilioForm.encoded(account.number()), authorization(account)),
                        "does not list the numbers")
                .path(items)
                .path(0);
        if (!found.path(name).asText().equals(account.number())) {
            throw refused("Twilio's account has no number " + account.number() + ".");
        }
        return found;
    }

    /** Where Twilio delivers the sender's messages; empty for nowhere. */
    static String address(Account account, JsonNode sender) {
        return sender.path(account.kind() == Kind.SERVICE ? "inbound_request_url" : "sms_url")
                .asText("");
    }

    /**
     * Makes Twilio deliver the messages of the number or the service there; throws as {@link #identify}. The same
     * address stands in for itself: Twilio calls it a second time when the first call failed.
     */
    void deliverTo(Account account, String url) {
        require(deliver(account, sender(account), url), "did not accept the webhook");
    }

    /** Takes that address away where it is still set. Best effort. */
    void deliverNowhere(Account account, String url) {
        try {
            JsonNode sender = sender(account);
            if (address(account, sender).equals(url)) {
                deliver(account, sender, "");
            }
        } catch (Problem unreachable) {
            // Without the account its calls are refused here.
        }
    }

    private VendorHttp.Result deliver(Account account, JsonNode sender, String url) {
        Map<String, String> form = new LinkedHashMap<>();
        if (account.kind() == Kind.SERVICE) {
            form.put("InboundRequestUrl", url);
            form.put("InboundMethod", "POST");
            form.put("FallbackUrl", url);
            form.put("FallbackMethod", "POST");
            form.put("UseInboundWebhookOnNumber", "false");
            return http.post(services() + account.service(), authorization(account), FORM, TwilioForm.written(form));
        }
        form.put("SmsUrl", url);
        form.put("SmsMethod", "POST");
        form.put("SmsFallbackUrl", url);
        form.put("SmsFallbackMethod", "POST");
        boolean number = account.kind() == Kind.NUMBER;
        if (number && !url.isEmpty()) {
            // An application would win over the number's own address.
            form.put("SmsApplicationSid", "");
        }
        String path = number ? "/IncomingPhoneNumbers/" : "/SMS/ShortCodes/";
        return post(account, path + sender.path("sid").asText() + ".json", form);
    }

    VendorHttp.Result get(Account account, String path) {
        return http.get(url(account, path), authorization(account));
    }

    /** As {@link VendorHttp#open}, of a file that Twilio itself keeps or knows. */
    VendorHttp.Opening file(Account account, String path) {
        return http.open(url(account, path), authorization(account));
    }

    /** The same of a place outside of Twilio's API: our token goes to Twilio only. */
    VendorHttp.Opening fileAt(String url) {
        return http.open(url, Map.of());
    }

    VendorHttp.Result post(Account account, String path, Map<String, String> form) {
        return http.post(url(account, path), authorization(account), FORM, TwilioForm.written(form));
    }

    private String url(Account account, String path) {
        return config.apiBase() + VERSION + account.sid() + path;
    }

    private String services() {
        return config.messagingBase() + "/v1/Services/";
    }

    private static Map<String, String> authorization(Account account) {
        String pair = account.sid() + ":" + account.token();
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer; throws as {@link #identify}. */
    JsonNode require(VendorHttp.Result result, String complaint) {
        if (!(result instanceof VendorHttp.Response response) || response.status() >= 500) {
            throw new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                    .detail("Twilio did not answer. Nothing was changed; try again.")
                    .header("Retry-After", "5");
        }
        JsonNode answer = response.tree(json);
        if (response.status() >= 300) {
            throw refused("Twilio " + complaint + ": " + TwilioOutcomes.reason(response.status(), answer));
        }
        return answer;
    }

    private static Problem refused(String detail) {
        return new Problem(AdapterProblem.CHANNEL_REFUSED).detail(detail);
    }

    /** From what an account sends. */
    enum Kind {
        NUMBER,
        SHORT_CODE,
        SERVICE
    }

    /** What a call needs to know of an account: it sends from a number or from a messaging service. */
    record Account(
            String sid,
            String token,
            @Nullable String number,
            @Nullable String service) {
        static Account of(Map<String, String> credentials) {
            return new Account(
                    credentials.get(TwilioAdapter.ACCOUNT_SID),
                    credentials.get(TwilioAdapter.AUTH_TOKEN),
                    credentials.get(TwilioAdapter.PHONE_NUMBER),
                    credentials.get(TwilioAdapter.MESSAGING_SERVICE_SID));
        }

        Kind kind() {
            return number == null ? Kind.SERVICE : number.startsWith("+") ? Kind.NUMBER : Kind.SHORT_CODE;
        }

        @Override
        public String toString() {
            return "Account[" + sid + "]";
        }
    }
}
