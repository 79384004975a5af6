package dev.parley.channel.adapter.whatsapp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.MediaContent;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.Outgoing;
import dev.parley.channel.adapter.Secrets;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.VendorHttp;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
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
        JsonNode answer = tree(response.body());
        if (response.status() != 200 || !answer.path("id").asText().equals(account.number())) {
            throw new Problem(AdapterProblem.CHANNEL_REFUSED)
                    .detail("WhatsApp refuses the credentials: " + WhatsAppOutcomes.reason(response.status(), answer));
        }
        return answer;
    }

    SendOutcome send(Account account, Outgoing message) {
        byte[] body;
        try {
            body = json.writeValueAsBytes(bodies.of(message));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always serializable", impossible);
        }
        VendorHttp.Result result = http.post(
                address(account, account.number() + "/messages"), authorization(account), "application/json", body);
        return switch (result) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(config.ratePause(), notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response -> outcomes.of(response.status(), tree(response.body()));
        };
    }

    /** Two calls: the file's address, which is good for five minutes, and the file. */
    MediaContent download(Account account, MediaReference media, long most) {
        if (!media.providerId().matches("[0-9]{1,40}")) {
            throw new MediaUnavailable(true, "not an id of a file");
        }
        JsonNode file = tree(answered(http.get(
                        address(account, media.providerId()) + "&phone_number_id=" + account.number(),
                        authorization(account)))
                .body());
        if (file.path("file_size").asLong(0) > most) {
            throw new MediaUnavailable(true, "larger than " + most + " bytes");
        }
        String url = file.path("url").asText("");
        if (!servesMedia(url)) {
            throw new MediaUnavailable(true, "WhatsApp gives no address of the file that we trust");
        }
        VendorHttp.Response content = answered(http.get(url, authorization(account), most));
        return new MediaContent(content.body(), file.path("mime_type").asText(media.mimeType()), media.fileName());
    }

    private static VendorHttp.Response answered(VendorHttp.Result result) {
        return switch (result) {
            case VendorHttp.NotSent notSent -> throw new MediaUnavailable(false, notSent.reason());
            case VendorHttp.Unanswered unanswered -> throw new MediaUnavailable(false, unanswered.reason());
            case VendorHttp.Response response when response.status() == 200 -> response;
            case VendorHttp.Response response ->
                throw new MediaUnavailable(
                        response.status() < 500 && response.status() != 429, "status " + response.status());
        };
    }

    /** Our token is sent there, so the vendor's word alone is not enough. */
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

    private String address(Account account, String path) {
        String proof = HexFormat.of()
                .formatHex(Secrets.hmac(
                        "HmacSHA256", account.secret(), account.token().getBytes(StandardCharsets.UTF_8)));
        return config.apiBase() + "/" + config.apiVersion() + "/" + path + "?appsecret_proof=" + proof;
    }

    private static Map<String, String> authorization(Account account) {
        return Map.of("Authorization", "Bearer " + account.token());
    }

    private JsonNode tree(byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
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
