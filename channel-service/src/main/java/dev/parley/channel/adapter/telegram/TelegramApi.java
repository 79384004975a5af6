package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.VendorHttp;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The few methods of Telegram's Bot API that we call. Tokens are part of the address, so addresses are never logged. */
@ApplicationScoped
class TelegramApi {
    private static final Duration BACK_OFF = Duration.ofSeconds(2);
    private static final List<String> UPDATE_KINDS = List.of("message");

    private final VendorHttp http;
    private final TelegramConfig config;
    private final ObjectMapper json;

    TelegramApi(VendorHttp http, TelegramConfig config, ObjectMapper json) {
        this.http = http;
        this.config = config;
        this.json = json;
    }

    Bot identify(String token) {
        JsonNode me = require(call(token, "getMe", json.createObjectNode()), "knows no bot with this token");
        return new Bot(me.path("id").asText(), me.path("username").asText());
    }

    void setWebhook(String token, String url, String secret) {
        ObjectNode body = json.createObjectNode().put("url", url).put("secret_token", secret);
        body.set("allowed_updates", json.valueToTree(UPDATE_KINDS));
        require(call(token, "setWebhook", body), "did not accept the webhook");
    }

    void deleteWebhook(String token) {
        call(token, "deleteWebhook", json.createObjectNode());
    }

    SendOutcome sendMessage(String token, String chat, String text) {
        VendorHttp.Result result = call(
                token,
                "sendMessage",
                json.createObjectNode().put("chat_id", chat).put("text", text));
        return switch (result) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(BACK_OFF, notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response -> outcome(response.status(), tree(response.body()));
        };
    }

    static SendOutcome outcome(int status, JsonNode answer) {
        if (answer.path("ok").asBoolean(false)) {
            return new SendOutcome.Sent(answer.path("result").path("message_id").asText());
        }
        JsonNode parameters = answer.path("parameters");
        String reason = status + " " + answer.path("description").asText("without a description");
        if (parameters.has("migrate_to_chat_id")) {
            return new SendOutcome.Moved(parameters.path("migrate_to_chat_id").asText());
        }
        if (status == 429) {
            return new SendOutcome.Later(
                    Duration.ofSeconds(
                            Math.max(1, parameters.path("retry_after").asLong(1))),
                    reason);
        }
        boolean vendorSaidNo = answer.has("ok");
        if (status >= 500) {
            return vendorSaidNo ? new SendOutcome.Later(BACK_OFF, reason) : new SendOutcome.Ambiguous(reason);
        }
        return status >= 400 ? new SendOutcome.Refused(reason) : new SendOutcome.Ambiguous(reason);
    }

    private VendorHttp.Result call(String token, String method, ObjectNode body) {
        try {
            return http.postJson(config.apiBase() + "/bot" + token + "/" + method, json.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree is always serializable", e);
        }
    }

    private JsonNode require(VendorHttp.Result result, String complaint) {
        if (!(result instanceof VendorHttp.Response response) || response.status() >= 500) {
            throw new Problem(AdapterProblem.CHANNEL_UNREACHABLE)
                    .detail("Telegram did not answer. Nothing was connected; try again.")
                    .header("Retry-After", "5");
        }
        JsonNode answer = tree(response.body());
        if (!answer.path("ok").asBoolean(false)) {
            throw TelegramAdapter.refused(
                    "Telegram " + complaint + ": " + answer.path("description").asText("status " + response.status()));
        }
        return answer.path("result");
    }

    private JsonNode tree(byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            return tree == null ? MissingNode.getInstance() : tree;
        } catch (IOException notJson) {
            return MissingNode.getInstance();
        }
    }

    /** Who a token belongs to. */
    record Bot(String id, String username) {}
}
