package dev.parley.channel.adapter.twilio;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.VendorHttp;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The few calls of Twilio's API that we make. */
@ApplicationScoped
class TwilioApi {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String VERSION = "/2010-04-01/Accounts/";

    private final VendorHttp http;
    private final TwilioConfig config;
    private final TwilioOutcomes outcomes;
    private final ObjectMapper json;

    TwilioApi(VendorHttp http, TwilioConfig config, ObjectMapper json, Clock clock) {
        this.http = http;
        this.config = config;
        this.json = json;
        this.outcomes = new TwilioOutcomes(config, clock);
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

    /** What Twilio tells of the number or the messaging service; throws as {@link #identify}. */
    JsonNode sender(Account account) {
        if (account.number() == null) {
            return require(
                    http.get(services() + account.service(), authorization(account)), "has no such messaging service");
        }
        JsonNode found = require(
                        http.get(
                                account(account, "/IncomingPhoneNumbers.json?PhoneNumber=")
                                        + TwilioForm.encoded(account.number()),
                                authorization(account)),
                        "does not list the numbers")
                .path("incoming_phone_numbers")
                .path(0);
        if (!found.path("phone_number").asText().equals(account.number())) {
            throw refused("Twilio's account has no number " + account.number() + ".");
        }
        return found;
    }

    /** Makes Twilio deliver the messages of the number or the service there; throws as {@link #identify}. */
    void deliverTo(Account account, String url) {
        require(deliver(account, url), "did not accept the webhook");
    }

    /** Best effort. */
    void deliverNowhere(Account account) {
        try {
            deliver(account, "");
        } catch (Problem unreachable) {
            // Without the account its calls are refused here.
        }
    }

    private VendorHttp.Result deliver(Account account, String url) {
        JsonNode sender = sender(account);
        boolean number = account.number() != null;
        String address = number
                ? account(account, "/IncomingPhoneNumbers/")
                        + sender.path("sid").asText() + ".json"
                : services() + account.service();
        Map<String, String> form = number
                ? Map.of("SmsUrl", url, "SmsMethod", "POST")
                : Map.of("InboundRequestUrl", url, "InboundMethod", "POST", "UseInboundWebhookOnNumber", "false");
        return http.post(address, authorization(account), FORM, TwilioForm.written(form));
    }

    SendOutcome send(Account account, Outgoing message) {
        if (!(message.part() instanceof OutboundPart.Text text)) {
            return new SendOutcome.Refused("an SMS is words alone");
        }
        Map<String, String> form = new LinkedHashMap<>();
        form.put("To", message.recipient());
        form.put(
                account.number() == null ? "MessagingServiceSid" : "From",
                account.number() == null ? account.service() : account.number());
        form.put("Body", text.text());
        form.put(
                "StatusCallback",
                message.webhookUrl() + "/" + TwilioDeliveries.STATUS_PATH + "?" + TwilioDeliveries.REFERENCE + "="
                        + message.reference());
        VendorHttp.Result result =
                http.post(account(account, "/Messages.json"), authorization(account), FORM, TwilioForm.written(form));
        return switch (result) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(config.ratePause(), notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response -> outcomes.of(response.status(), tree(response.body()));
        };
    }

    /** Looks through the latest messages to the recipient. */
    Optional<SendOutcome> lookUp(Account account, Outgoing message, Instant since) {
        if (!(message.part() instanceof OutboundPart.Text text)) {
            return Optional.empty();
        }
        VendorHttp.Result result = http.get(
                account(account, "/Messages.json?PageSize=" + TwilioOutcomes.PAGE + "&To=")
                        + TwilioForm.encoded(message.recipient()),
                authorization(account));
        return result instanceof VendorHttp.Response response && response.status() == 200
                ? outcomes.among(tree(response.body()).path("messages"), text.text(), since)
                : Optional.empty();
    }

    /** Twilio points to where the file is; our token goes to Twilio only. */
    MediaContent download(Account account, MediaReference media, long most) {
        String[] place = media.providerId().split("/");
        if (place.length != 2 || !media.providerId().matches("[A-Za-z0-9]{34}/[A-Za-z0-9]{34}")) {
            throw new MediaUnavailable(true, "not a place of a file");
        }
        String url = account(account, "/Messages/" + place[0] + "/Media/" + place[1]);
        VendorHttp.Response answer = answered(http.get(url, authorization(account), most));
        if (answer.status() >= 300) {
            String location = answer.header("location");
            if (location == null || !servesMedia(location)) {
                throw new MediaUnavailable(true, "Twilio gives no address of the file that we trust");
            }
            answer = answered(http.get(location, Map.of(), most));
        }
        if (answer.status() != 200) {
            throw new MediaUnavailable(true, "status " + answer.status());
        }
        String type = answer.header("content-type");
        return new MediaContent(answer.body(), type == null ? media.mimeType() : type, media.fileName());
    }

    private static VendorHttp.Response answered(VendorHttp.Result result) {
        return switch (result) {
            case VendorHttp.NotSent notSent -> throw new MediaUnavailable(false, notSent.reason());
            case VendorHttp.Unanswered unanswered -> throw new MediaUnavailable(false, unanswered.reason());
            case VendorHttp.Response response when response.status() < 400 -> response;
            case VendorHttp.Response response ->
                throw new MediaUnavailable(
                        response.status() < 500 && response.status() != 429, "status " + response.status());
        };
    }

    private boolean servesMedia(String url) {
        if (url.startsWith(config.apiBase() + "/")) {
            return true;
        }
        try {
            URI uri = URI.create(url);
            return "https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && config.mediaHosts().contains(uri.getHost());
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private String account(Account account, String path) {
        return config.apiBase() + VERSION + account.sid() + path;
    }

    private String services() {
        return config.messagingBase().orElseGet(() -> config.apiBase()
                        .replace("https://api.twilio.com", "https://messaging.twilio.com"))
                + "/v1/Services/";
    }

    private static Map<String, String> authorization(Account account) {
        String pair = account.sid() + ":" + account.token();
        return Map.of(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    private JsonNode require(VendorHttp.Result result, String complaint) {
        if (!(result instanceof VendorHttp.Response response) || response.status() >= 500) {
            throw new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                    .detail("Twilio did not answer. Nothing was connected; try again.")
                    .header("Retry-After", "5");
        }
        JsonNode answer = tree(response.body());
        if (response.status() >= 300) {
            throw refused("Twilio " + complaint + ": " + TwilioOutcomes.reason(response.status(), answer));
        }
        return answer;
    }

    private static Problem refused(String detail) {
        return new Problem(AdapterProblem.CHANNEL_REFUSED).detail(detail);
    }

    private JsonNode tree(byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
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

        @Override
        public String toString() {
            return "Account[" + sid + "]";
        }
    }
}
