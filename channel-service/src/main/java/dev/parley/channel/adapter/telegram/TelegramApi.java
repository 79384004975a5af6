package dev.parley.channel.adapter.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.channel.adapter.AdapterProblem;
import dev.parley.channel.adapter.Button;
import dev.parley.channel.adapter.Mark;
import dev.parley.channel.adapter.MediaReference;
import dev.parley.channel.adapter.MediaUnavailable;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.SendOutcome;
import dev.parley.channel.adapter.vendor.VendorHttp;
import dev.parley.channel.adapter.vendor.VendorMedia;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The few methods of Telegram's Bot API that we call. Tokens are part of the address, so addresses are never logged. */
@ApplicationScoped
class TelegramApi {
    private static final Duration BACK_OFF = Duration.ofSeconds(2);
    private static final List<String> UPDATE_KINDS =
            List.of("message", "edited_message", "callback_query", "my_chat_member");

    private static final Map<String, String> MEDIA =
            Map.of("image", "Photo", "video", "Video", "audio", "Audio", "voice", "Voice", "document", "Document");
    private static final Pattern FILE_PATH = Pattern.compile("[A-Za-z0-9_./-]{1,200}");

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

    /** Whether everything is among what Telegram delivers; it delivers more than we know when it is not told what. */
    static boolean wants(JsonNode allowedUpdates) {
        Set<String> allowed = new HashSet<>();
        allowedUpdates.forEach(kind -> allowed.add(kind.asText()));
        return allowed.isEmpty() || allowed.containsAll(UPDATE_KINDS);
    }

    /** Takes that address away where it is still set. Best effort. */
    void deleteWebhook(String token, String url) {
        try {
            if (webhookInfo(token).path("url").asText().equals(url)) {
                call(token, "deleteWebhook", json.createObjectNode());
            }
        } catch (Problem unreachable) {
            // Without the account its calls are refused here.
        }
    }

    void answerCallback(String token, String query) {
        call(token, "answerCallbackQuery", json.createObjectNode().put("callback_query_id", query));
    }

    /** What Telegram knows of the bot's webhook; throws as {@link #identify}. */
    JsonNode webhookInfo(String token) {
        return require(call(token, "getWebhookInfo", json.createObjectNode()), "knows no bot with this token");
    }

    SendOutcome send(String token, String chat, OutboundPart part) {
        return switch (part) {
            case OutboundPart.Text text -> words(token, chat, text);
            case OutboundPart.Media media -> file(token, chat, media);
            case OutboundPart.Template template -> new SendOutcome.Refused("Telegram has no templates");
        };
    }

    private SendOutcome words(String token, String chat, OutboundPart.Text text) {
        ObjectNode body = json.createObjectNode().put("chat_id", chat).put("text", text.text());
        text.marks().forEach(mark -> entity(body.withArray("/entities").addObject(), mark));
        keyboard(body, text.buttons());
        return sent(token, "sendMessage", body);
    }

    /** Beside the text and never in it by {@code parse_mode}: so nothing has to be escaped, and a split breaks nothing. */
    private static void entity(ObjectNode entity, Mark mark) {
        entity.put(
                        "type",
                        switch (mark.kind()) {
                            case QUOTE -> "blockquote";
                            case LINK -> "text_link";
                            case BOLD -> "bold";
                            case ITALIC -> "italic";
                            case STRIKETHROUGH -> "strikethrough";
                            case CODE -> "code";
                            case BLOCK -> "pre";
                        })
                .put("offset", mark.start())
                .put("length", mark.length());
        if (mark.detail() != null) {
            entity.put(mark.kind() == Mark.Kind.LINK ? "url" : "language", mark.detail());
        }
    }

    /** By its address; Telegram fetches few kinds and sizes, so the customer gets the address of any other. */
    private SendOutcome file(String token, String chat, OutboundPart.Media media) {
        String kind = MEDIA.getOrDefault(media.kind(), "Document");
        ObjectNode body = json.createObjectNode().put("chat_id", chat).put(kind.toLowerCase(Locale.ROOT), media.url());
        if (media.caption() != null) {
            body.put("caption", media.caption());
        }
        SendOutcome outcome = sent(token, "send" + kind, body);
        return outcome instanceof SendOutcome.Refused refused && refused.refusal() == SendOutcome.Refusal.OTHER
                ? words(token, chat, new OutboundPart.Text(described(media)))
                : outcome;
    }

    private static String described(OutboundPart.Media media) {
        return Stream.of(media.caption(), media.fileName(), media.url())
                .filter(Objects::nonNull)
                .collect(Collectors.joining("\n"));
    }

    private SendOutcome sent(String token, String method, ObjectNode body) {
        return switch (call(token, method, body)) {
            case VendorHttp.NotSent notSent -> new SendOutcome.Later(BACK_OFF, notSent.reason());
            case VendorHttp.Unanswered unanswered -> new SendOutcome.Ambiguous(unanswered.reason());
            case VendorHttp.Response response ->
                outcome(
                        response.status(),
                        response.tree(json),
                        body.path("chat_id").asText());
        };
    }

    private static void keyboard(ObjectNode body, List<Button> buttons) {
        if (buttons.isEmpty()) {
            return;
        }
        ArrayNode rows = body.putObject("reply_markup").putArray("inline_keyboard");
        buttons.forEach(button ->
                rows.addArray().addObject().put("text", button.title()).put("callback_data", button.payload()));
    }

    /** Two calls: the file's place, which is good for an hour, and the file. */
    InputStream download(String token, MediaReference media, long most) {
        JsonNode file = file(token, media.providerId());
        if (file.path("file_size").asLong(0) > most) {
            throw new MediaUnavailable(true, "larger than " + most + " bytes");
        }
        String path = file.path("file_path").asText("");
        if (!FILE_PATH.matcher(path).matches()) {
            throw new MediaUnavailable(true, "Telegram gives no place of the file");
        }
        return VendorMedia.found(http.open(config.apiBase() + "/file/bot" + token + "/" + path, Map.of()));
    }

    private JsonNode file(String token, String id) {
        VendorHttp.Result result =
                call(token, "getFile", json.createObjectNode().put("file_id", id));
        if (!(result instanceof VendorHttp.Response response)) {
            throw new MediaUnavailable(false, "Telegram did not answer");
        }
        JsonNode answer = response.tree(json);
        if (!answer.path("ok").asBoolean(false)) {
            boolean lasting = response.status() >= 400 && response.status() < 500 && response.status() != 429;
            throw new MediaUnavailable(lasting, answer.path("description").asText("status " + response.status()));
        }
        return answer.path("result");
    }

    /** A group's id is negative. */
    static boolean isGroup(String chat) {
        return chat.startsWith("-");
    }

    /** What became of a message to that chat. A group that has had enough of its own says nothing of other chats. */
    static SendOutcome outcome(int status, JsonNode answer, String chat) {
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
                    reason,
                    isGroup(chat) ? SendOutcome.Scope.RECIPIENT : SendOutcome.Scope.ACCOUNT);
        }
        // A server's own error may come after the message was taken.
        return status >= 400 && status < 500
                ? new SendOutcome.Refused(refusal(status, reason), reason)
                : new SendOutcome.Ambiguous(reason);
    }

    private static SendOutcome.Refusal refusal(int status, String reason) {
        if (status == 403 && reason.contains("blocked by the user")) {
            return SendOutcome.Refusal.OPTED_OUT;
        }
        return status == 401 || status == 404 ? SendOutcome.Refusal.ACCOUNT : SendOutcome.Refusal.OTHER;
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
        JsonNode answer = response.tree(json);
        if (!answer.path("ok").asBoolean(false)) {
            throw TelegramAdapter.refused(
                    "Telegram " + complaint + ": " + answer.path("description").asText("status " + response.status()));
        }
        return answer.path("result");
    }

    /** Who a token belongs to. */
    record Bot(String id, String username) {}
}
