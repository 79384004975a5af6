package dev.parley.simulators.telegram;

import dev.parley.simulators.exchange.Endpoint;
import dev.parley.simulators.exchange.Exchange;
import dev.parley.simulators.exchange.Fault;
import dev.parley.simulators.exchange.Reply;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The Bot API: {@code /bot<token>/<method>}. */
final class TelegramEndpoint implements Endpoint {

    private static final int LONGEST_TEXT = 4096;
    private static final Set<String> ACTIONS = Set.of(
            "typing",
            "upload_photo",
            "record_video",
            "upload_video",
            "record_voice",
            "upload_voice",
            "upload_document",
            "choose_sticker",
            "find_location",
            "record_video_note",
            "upload_video_note");

    private static final int LONGEST_CAPTION = 1024;
    private static final int LONGEST_CALLBACK = 64;
    /** The methods that send a file, and the argument that names it. */
    private static final Map<String, String> FILES = Map.of(
            "sendphoto",
            "photo",
            "senddocument",
            "document",
            "sendaudio",
            "audio",
            "sendvideo",
            "video",
            "sendvoice",
            "voice");

    private final Bots bots;
    private final BotFiles files;
    private final Clock clock;

    TelegramEndpoint(Bots bots, BotFiles files, Clock clock) {
        this.bots = bots;
        this.files = files;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) {
        try {
            if (exchange.path().startsWith("/file/bot")) {
                exchange.answer(content(exchange.path().substring("/file/bot".length())));
                return;
            }
            exchange.answer(Reply.json(200, call(exchange)));
        } catch (TelegramProblem problem) {
            exchange.answer(error(problem.status(), problem.getMessage(), null));
        }
    }

    private JsonObject call(Exchange exchange) {
        String path = exchange.path();
        int slash = path.indexOf('/', 1);
        if (!path.startsWith("/bot") || slash < 0) {
            throw new TelegramProblem(404, "Not Found");
        }
        String token = path.substring("/bot".length(), slash);
        if (!Bots.isToken(token)) {
            throw new TelegramProblem(401, "Unauthorized");
        }
        Bot bot = bots.get(token);
        Arguments arguments = Arguments.of(exchange);
        String method = path.substring(slash + 1).toLowerCase(Locale.ROOT);
        return switch (method) {
            case "getme" ->
                ok(bot.user()
                        .put("can_join_groups", true)
                        .put("can_read_all_group_messages", false)
                        .put("supports_inline_queries", false));
            case "setwebhook" -> setWebhook(bot, arguments);
            case "deletewebhook" -> {
                bots.dropWebhook(bot, arguments.flag("drop_pending_updates"));
                yield ok(true).put("description", "Webhook was deleted");
            }
            case "getwebhookinfo" -> ok(bot.webhookInfo());
            case "getupdates" -> getUpdates(bot, arguments);
            case "sendmessage" -> sendMessage(bot, arguments);
            case "sendphoto", "senddocument", "sendaudio", "sendvideo", "sendvoice" ->
                sendFile(bot, FILES.get(method), arguments);
            case "sendchataction" -> sendChatAction(arguments);
            case "answercallbackquery" -> ok(true);
            case "getfile" -> getFile(arguments);
            default -> throw new TelegramProblem(404, "Not Found");
        };
    }

    private JsonObject setWebhook(Bot bot, Arguments arguments) {
        String url = arguments.text("url");
        String secret = arguments.text("secret_token");
        if (url.isEmpty()) {
            bots.dropWebhook(bot, arguments.flag("drop_pending_updates"));
            return ok(true).put("description", "Webhook was deleted");
        }
        if (!isAcceptable(url)) {
            throw TelegramProblem.bad("bad webhook: An HTTPS URL must be provided for webhook");
        }
        if (secret.length() > 256) {
            throw TelegramProblem.bad("secret token is too long");
        }
        if (!secret.matches("[A-Za-z0-9_-]*")) {
            throw TelegramProblem.bad("secret token contains unallowed characters");
        }
        long connections = arguments.number("max_connections", 40);
        if (connections < 1 || connections > 100) {
            throw TelegramProblem.bad("max_connections must be 1 to 100");
        }
        if (arguments.flag("drop_pending_updates")) {
            bot.pending().clear();
        }
        boolean same = bot.webhookUrl().equals(url) && bot.secretToken().equals(secret);
        bot.webhook(url, secret, (int) connections, arguments.texts("allowed_updates"));
        bots.webhookSet(bot, same);
        return ok(true).put("description", same ? "Webhook is already set" : "Webhook was set");
    }

    /** As a local Bot API server does, plain HTTP is accepted on this machine only. */
    private static boolean isAcceptable(String url) {
        try {
            URI uri = URI.create(url);
            boolean here = "127.0.0.1".equals(uri.getHost()) || "localhost".equals(uri.getHost());
            return uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && here));
        } catch (IllegalArgumentException notUri) {
            return false;
        }
    }

    private JsonObject getUpdates(Bot bot, Arguments arguments) {
        if (!bot.webhookUrl().isEmpty()) {
            throw new TelegramProblem(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the"
                            + " webhook first");
        }
        long offset = arguments.number("offset", 0);
        long limit = Math.clamp(arguments.number("limit", 100), 1, 100);
        bots.confirm(bot, offset);
        JsonArray updates = new JsonArray();
        bot.pending().values().stream().limit(limit).forEach(updates::add);
        return ok(updates);
    }

    private JsonObject sendMessage(Bot bot, Arguments arguments) {
        JsonObject chat = chat(arguments);
        String text = Markup.plain(arguments.text("text"), arguments.text("parse_mode"));
        if (text.isBlank()) {
            throw TelegramProblem.bad("message text is empty");
        }
        if (text.codePointCount(0, text.length()) > LONGEST_TEXT) {
            throw TelegramProblem.bad("message is too long");
        }
        JsonArray entities = arguments.list("entities");
        Entities.check(text, entities);
        JsonObject message = message(bot, chat, arguments).put("text", text);
        if (!entities.isEmpty()) {
            message.put("entities", entities);
        }
        bots.sent(bot, message, "sendMessage", arguments);
        return ok(message);
    }

    private JsonObject message(Bot bot, JsonObject chat, Arguments arguments) {
        JsonObject message = new JsonObject()
                .put("message_id", bot.nextMessageId())
                .put("from", bot.user())
                .put("chat", chat)
                .put("date", clock.millis() / 1000);
        JsonObject markup = arguments.object("reply_markup");
        for (Object row : markup.getJsonArray("inline_keyboard", new JsonArray())) {
            for (Object button : (JsonArray) row) {
                String data = ((JsonObject) button).getString("callback_data", "");
                if (data.isEmpty() || data.getBytes(StandardCharsets.UTF_8).length > LONGEST_CALLBACK) {
                    throw TelegramProblem.bad("BUTTON_DATA_INVALID");
                }
            }
        }
        return markup.isEmpty() ? message : message.put("reply_markup", markup);
    }

    private JsonObject sendFile(Bot bot, String kind, Arguments arguments) {
        JsonObject chat = chat(arguments);
        if (!arguments.text(kind).startsWith("http")) {
            throw TelegramProblem.bad("the simulator sends files by their address");
        }
        String caption = arguments.text("caption");
        if (caption.codePointCount(0, caption.length()) > LONGEST_CAPTION) {
            throw TelegramProblem.bad("message caption is too long");
        }
        JsonObject file = new JsonObject().put("file_id", arguments.text(kind)).put("file_unique_id", "sent");
        JsonObject message =
                message(bot, chat, arguments).put(kind, kind.equals("photo") ? new JsonArray().add(file) : file);
        if (!caption.isEmpty()) {
            message.put("caption", caption);
        }
        bots.sent(bot, message, "send" + kind, arguments);
        return ok(message);
    }

    private JsonObject getFile(Arguments arguments) {
        String id = arguments.text("file_id");
        Buffer file = files.find(id);
        if (file == null) {
            throw TelegramProblem.bad("invalid file_id");
        }
        return ok(new JsonObject()
                .put("file_id", id)
                .put("file_unique_id", "u" + id)
                .put("file_size", file.length())
                .put("file_path", "files/" + id));
    }

    private Reply content(String tokenAndPath) {
        Buffer file = files.find(tokenAndPath.substring(tokenAndPath.lastIndexOf('/') + 1));
        if (file == null) {
            throw new TelegramProblem(404, "Not Found");
        }
        return new Reply(200, List.of(HttpHeaders.CONTENT_TYPE, "application/octet-stream"), file);
    }

    private static JsonObject sendChatAction(Arguments arguments) {
        chat(arguments);
        if (!ACTIONS.contains(arguments.text("action"))) {
            throw TelegramProblem.bad("wrong parameter action in request");
        }
        return ok(true);
    }

    private static JsonObject chat(Arguments arguments) {
        String id = arguments.text("chat_id");
        if (id.isEmpty()) {
            throw TelegramProblem.bad("chat_id is empty");
        }
        if (id.matches("@\\w{4,}")) {
            return new JsonObject()
                    .put("id", -1_000_000_000_000L - Math.floorMod(id.hashCode(), 1_000_000_000))
                    .put("type", "channel")
                    .put("title", id.substring(1))
                    .put("username", id.substring(1));
        }
        if (!id.matches("-?[1-9]\\d{0,17}")) {
            throw TelegramProblem.bad("chat not found");
        }
        long number = Long.parseLong(id);
        return new JsonObject().put("id", number).put("type", number > 0 ? "private" : "group");
    }

    private static JsonObject ok(Object result) {
        return new JsonObject().put("ok", true).put("result", result);
    }

    private static Reply error(int status, String description, Integer retryAfter) {
        JsonObject error =
                new JsonObject().put("ok", false).put("error_code", status).put("description", description);
        if (retryAfter != null) {
            error.put("parameters", new JsonObject().put("retry_after", retryAfter));
        }
        return Reply.json(status, error);
    }

    @Override
    public Reply problem(Exchange exchange, Fault fault) {
        int status = fault.status();
        Integer retryAfter = status == 429 && fault.retryAfter() == null ? Integer.valueOf(1) : fault.retryAfter();
        String description =
                switch (status) {
                    case 401 -> "Unauthorized";
                    case 403 -> "Forbidden: bot was blocked by the user";
                    case 429 -> "Too Many Requests: retry after " + retryAfter;
                    default -> status >= 500 ? "Internal Server Error" : "Bad Request";
                };
        return error(status, fault.message(description), retryAfter);
    }
}
