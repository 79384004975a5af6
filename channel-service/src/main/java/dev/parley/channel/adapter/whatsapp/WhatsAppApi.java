package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.vendor.Secrets;
import dev.parley.channel.adapter.vendor.VendorHttp;
import dev.parley.channel.adapter.vendor.VendorMedia;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * The few calls of the Graph API that we make. Each carries the token and a proof that we know the app's secret, which
 * Meta checks: a wrong secret is found before the first webhook is refused.
 */
@ApplicationScoped
class WhatsAppApi {
    private static final String FIELDS =
            "display_phone_number,verified_name,quality_rating,status,webhook_configuration";

    private final VendorHttp http;
    private final WhatsAppConfig config;
    private final WhatsAppOutcomes outcomes;
    private final WhatsAppBody bodies;
    private final ObjectMapper json;

    WhatsAppApi(VendorHttp http, WhatsAppConfig config, ObjectMapper json) {
        this.http = http;
        this.config = config;
        this.json = json;
        this.outcomes = new WhatsAppOutcomes(config);
        this.bodies = new WhatsAppBody(json);
    }

    /**
     * Whose number it is.
     *
     * @throws Problem when Meta refuses or cannot be reached
     */
    Number identify(Account account) {
        JsonNode number = number(account);
        String shown = number.path("display_phone_number").asText(account.number());
        String name = number.path("verified_name").asText("");
        return new Number(name.isEmpty() ? shown : name + " " + shown);
    }

    /** What Meta tells of the number; throws as {@link #identify}. */
    JsonNode number(Account account) {
        VendorHttp.Result result =
                http.get(address(account, account.number()) + "&fields=" + FIELDS, authorization(account));
        if (!(result instanceof VendorHttp.Response response) || response.status() >= 500) {
            throw new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                    .detail("WhatsApp did not answer. Nothing was changed; try again.")
                    .header("Retry-After", "5");
        }
        JsonNode answer = response.tree(json);
        if (response.status() != 200 || !answer.path("id").asText().equals(account.number())) {
            throw new Problem(AdapterProblem.CHANNEL_REFUSED)
                    .detail("WhatsApp refuses the credentials: " + WhatsAppOutcomes.reason(response.status(), answer));
        }
        return answer;
    }

    /**
     * Gives the number an address of its own. Best effort: it takes a right that sending does not, and people can type
     * the address into Meta's console instead; the test button tells whether somebody did.
     */
    void deliverTo(Account account, String url, String verifyToken) {
        configure(
                account,
                json.createObjectNode().put("override_callback_uri", url).put("verify_token", verifyToken));
    }

    /** Takes the number's own address away, if it is that one. Best effort. */
    void deliverNowhere(Account account, String url) {
        JsonNode number;
        try {
            number = number(account);
        } catch (Problem unreachable) {
            // Without the account its calls are refused here.
            return;
        }
        if (url.equals(number.path("webhook_configuration").path("phone_number").asText())) {
            configure(account, json.createObjectNode().put("override_callback_uri", ""));
        }
    }

    private void configure(Account account, ObjectNode webhook) {
        ObjectNode body = json.createObjectNode();
        body.set("webhook_configuration", webhook);
        http.post(address(account, account.number()), authorization(account), "application/json", written(body));
    }

    SendOutcome send(Account account, Outgoing message) {
        VendorHttp.Result result = http.post(
                address(account, account.number() + "/messages"),
                authorization(account),
                "application/json",
                written(bodies.of(message)));
        return switch (result) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(config.ratePause(), notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response -> outcomes.of(response.status(), response.tree(json));
        };
    }

    /** Two calls: the file's address, which is good for five minutes, and the file. */
    InputStream download(Account account, MediaReference media, long most) {
        if (!media.providerId().matches("[0-9]{1,40}")) {
            throw new MediaUnavailable(true, "not an id of a file");
        }
        JsonNode file = VendorMedia.said(http.get(
                        address(account, media.providerId()) + "&phone_number_id=" + account.number(),
                        authorization(account)))
                .tree(json);
        if (file.path("file_size").asLong(0) > most) {
            throw new MediaUnavailable(true, "larger than " + most + " bytes");
        }
        String url = file.path("url").asText("");
        // Our token is sent there.
        if (!VendorMedia.isServedBy(url, config.apiBase(), config.mediaHosts())) {
            throw new MediaUnavailable(true, "WhatsApp gives no address of the file that we trust");
        }
        return VendorMedia.found(http.open(url, authorization(account)));
    }

    private byte[] written(JsonNode body) {
        try {
            return json.writeValueAsBytes(body);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always serializable", impossible);
        }
    }

    private String address(Account account, String path) {
        String proof = HexFormat.of()
                .formatHex(Secrets.hmac(
                        "HmacSHA256", account.secret(), account.token().getBytes(StandardCharsets.UTF_8)));
        return config.apiBase() + "/" + config.apiVersion() + "/" + path + "?appsecret_proof=" + proof;
    }

    private static Map<String, String> authorization(Account account) {
        return Map.of("Authorization", "Bearer " + account.token());
    }

    /** What a call needs to know of an account. */
    record Account(String number, String token, String secret) {
        @Override
        public String toString() {
            return "Account[" + number + "]";
        }
    }

    /** Whose a number is, as people read it. */
    record Number(String name) {}
}
