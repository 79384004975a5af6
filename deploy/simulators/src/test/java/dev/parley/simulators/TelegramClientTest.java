package dev.parley.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.pengrad.telegrambot.TelegramBot;
import com.pengrad.telegrambot.model.MessageEntity;
import com.pengrad.telegrambot.model.Update;
import com.pengrad.telegrambot.model.request.ChatAction;
import com.pengrad.telegrambot.model.request.InlineKeyboardButton;
import com.pengrad.telegrambot.model.request.InlineKeyboardMarkup;
import com.pengrad.telegrambot.request.AnswerCallbackQuery;
import com.pengrad.telegrambot.request.DeleteWebhook;
import com.pengrad.telegrambot.request.GetFile;
import com.pengrad.telegrambot.request.GetMe;
import com.pengrad.telegrambot.request.GetUpdates;
import com.pengrad.telegrambot.request.GetWebhookInfo;
import com.pengrad.telegrambot.request.SendChatAction;
import com.pengrad.telegrambot.request.SendMessage;
import com.pengrad.telegrambot.request.SendPhoto;
import com.pengrad.telegrambot.request.SetWebhook;
import com.pengrad.telegrambot.response.BaseResponse;
import com.pengrad.telegrambot.response.SendResponse;
import com.pengrad.telegrambot.utility.BotUtils;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A widely used Bot API client as the judge of the simulated one, and raw HTTP for what it would not send. */
class TelegramClientTest {

    private static final World WORLD = new World();
    private static int bots;

    private String token;
    private TelegramBot bot;

    @AfterAll
    static void close() {
        WORLD.close();
    }

    @BeforeEach
    void reset() {
        WORLD.reset();
        token = "11020154" + bots++ + ":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        bot = new TelegramBot.Builder(token)
                .apiUrl(WORLD.url() + "/telegram/bot")
                .build();
    }

    private void setWebhook() {
        assertThat(bot.execute(new SetWebhook()
                                .url(WORLD.receiverUrl() + "/webhooks/telegram/1")
                                .secretToken("s3cret_token"))
                        .isOk())
                .isTrue();
    }

    private JsonObject write(String body) {
        return WORLD.control("POST", "/telegram/bots/" + token + "/messages", body);
    }

    @Test
    void botIntroducesItselfAndSends() {
        assertThat(bot.execute(new GetMe()).user().isBot()).isTrue();
        SendResponse first = bot.execute(new SendMessage(42, "Hello *there*"));
        SendResponse second = bot.execute(new SendMessage(42, "again"));

        assertThat(first.message().text()).isEqualTo("Hello *there*");
        assertThat(second.message().messageId()).isEqualTo(first.message().messageId() + 1);
        assertThat(bot.execute(new SendChatAction(42, ChatAction.typing)).isOk())
                .isTrue();
        JsonObject sent = WORLD.control("GET", "/telegram/bots/" + token + "/sent?chat_id=42", null);
        assertThat(sent.getJsonArray("items")
                        .getJsonObject(1)
                        .getJsonObject("message")
                        .getString("text"))
                .isEqualTo("again");
    }

    @Test
    void entitiesComeBackAndTheirBoundsAreChecked() {
        SendResponse sent = bot.execute(new SendMessage(42, "😀 bold")
                .entities(
                        new MessageEntity(MessageEntity.Type.bold, 3, 4),
                        new MessageEntity(MessageEntity.Type.text_link, 0, 2).url("https://x.example")));

        assertThat(sent.message().entities())
                .extracting(MessageEntity::type, MessageEntity::offset, MessageEntity::length, MessageEntity::url)
                .containsExactly(
                        tuple(MessageEntity.Type.bold, 3, 4, null),
                        tuple(MessageEntity.Type.text_link, 0, 2, "https://x.example"));
        assertThat(refused(new MessageEntity(MessageEntity.Type.bold, 3, 5)))
                .isEqualTo("Bad Request: entity beginning at UTF-16 offset 3 ends after the end of the text at UTF-16"
                        + " offset 8");
        assertThat(refused(new MessageEntity(MessageEntity.Type.bold, 1, 5)))
                .isEqualTo("Bad Request: entity begins in a middle of a UTF-16 symbol at offset 1");
        assertThat(refused(new MessageEntity(MessageEntity.Type.bold, 0, 1)))
                .isEqualTo("Bad Request: entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at"
                        + " offset 1");
        assertThat(refused(new MessageEntity(MessageEntity.Type.bold, 0, 0))).contains("can't parse entities");
        assertThat(refused(new MessageEntity(MessageEntity.Type.text_link, 0, 2)))
                .contains("can't parse entities");
    }

    private String refused(MessageEntity entity) {
        return bot.execute(new SendMessage(42, "😀 bold").entities(entity)).description();
    }

    @Test
    void customersMessageReachesTheWebhookWithItsSecret() {
        setWebhook();

        JsonObject written = write(
                "{\"chat_id\":77,\"from\":{\"first_name\":\"Ana\",\"username\":\"ana\"},\"text\":\"Where is my order?\"}");

        World.Received webhook = WORLD.awaitReceived(1).getFirst();
        assertThat(webhook.path()).isEqualTo("/webhooks/telegram/1");
        assertThat(webhook.headers()).containsEntry("x-telegram-bot-api-secret-token", "s3cret_token");
        Update update = BotUtils.parseUpdate(webhook.body());
        assertThat(update.updateId().longValue()).isEqualTo(written.getLong("update_id"));
        assertThat(update.message().text()).isEqualTo("Where is my order?");
        assertThat(update.message().from().firstName()).isEqualTo("Ana");
        assertThat(update.message().chat().id()).isEqualTo(77);
        World.await(() -> bot.execute(new GetWebhookInfo()).webhookInfo().pendingUpdateCount() == 0);
    }

    @Test
    void refusedUpdateHoldsItsChatBackUntilItIsTaken() {
        setWebhook();
        WORLD.answerWith(503);

        write("{\"chat_id\":1,\"text\":\"one\"}");
        write("{\"chat_id\":1,\"text\":\"two\"}");

        List<World.Received> webhooks = WORLD.awaitReceived(3);
        assertThat(webhooks)
                .extracting(webhook -> webhook.json().getJsonObject("message").getString("text"))
                .containsExactly("one", "one", "two");
        assertThat(bot.execute(new GetWebhookInfo()).webhookInfo().lastErrorMessage())
                .contains("503");
    }

    @Test
    void updatesWaitWhileThereIsNoWebhook() {
        long first = write("{\"chat_id\":1,\"text\":\"early\"}").getLong("update_id");

        assertThat(bot.execute(new GetUpdates()).updates())
                .extracting(Update::updateId)
                .containsExactly((int) first);
        setWebhook();

        assertThat(WORLD.awaitReceived(1).getFirst().json().getLong("update_id"))
                .isEqualTo(first);
        assertThat(bot.execute(new GetUpdates()).errorCode()).isEqualTo(409);
        assertThat(bot.execute(new DeleteWebhook()).isOk()).isTrue();
        assertThat(bot.execute(new GetWebhookInfo()).webhookInfo().url()).isEmpty();
    }

    @Test
    void sameUpdateCanComeTwice() {
        setWebhook();
        WORLD.control("PUT", "/faults/telegram-webhooks", "{\"duplicate\":1,\"times\":1}");

        long id =
                write("{\"chat_id\":1,\"text\":\"x\",\"update_id\":900000001}").getLong("update_id");
        write("{\"chat_id\":2,\"text\":\"y\"}");

        assertThat(WORLD.awaitReceived(2))
                .extracting(webhook -> webhook.json().getLong("update_id"))
                .contains(id, id + 1);
    }

    @Test
    void floodIsRefusedWithRetryAfter() {
        WORLD.control("PUT", "/faults/telegram", "{\"status\":429,\"retry_after\":3,\"times\":1}");

        SendResponse flooded = bot.execute(new SendMessage(42, "x"));

        assertThat(flooded.errorCode()).isEqualTo(429);
        assertThat(flooded.description()).isEqualTo("Too Many Requests: retry after 3");
        assertThat(flooded.parameters().retryAfter()).isEqualTo(3);
        assertThat(bot.execute(new SendMessage(42, "x")).isOk()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"chat_id\":1,\"text\":\"\"} | Bad Request: message text is empty",
                "{\"text\":\"x\"} | Bad Request: chat_id is empty",
                "{\"chat_id\":\"nobody\",\"text\":\"x\"} | Bad Request: chat not found",
                "{\"chat_id\":1,\"text\":\"a.\",\"parse_mode\":\"MarkdownV2\"} | Bad Request: can't parse entities: Character '.' is reserved and must be escaped with the preceding '\\'",
                "{\"chat_id\":1,\"text\":\"<b>a\",\"parse_mode\":\"HTML\"} | Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
                "{\"chat_id\":1, | Bad Request: can't parse the request"
            })
    void badMessageIsExplained(String body, String description) {
        HttpResponse<String> response =
                WORLD.send("POST", "/telegram/bot" + token + "/sendMessage", body, "content-type", "application/json");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonObject error = new JsonObject(response.body());
        assertThat(error.getBoolean("ok")).isFalse();
        assertThat(error.getInteger("error_code")).isEqualTo(400);
        assertThat(error.getString("description")).startsWith(description);
    }

    @Test
    void textMayHave4096CharactersAndNoMore() {
        assertThat(bot.execute(new SendMessage(1, "😀".repeat(4096))).isOk()).isTrue();
        BaseResponse tooLong = bot.execute(new SendMessage(1, "😀".repeat(4097)));

        assertThat(tooLong.description()).isEqualTo("Bad Request: message is too long");
    }

    @Test
    void webhookNeedsHttpsElsewhereAndACleanSecret() {
        assertThat(bot.execute(new SetWebhook().url("http://example.com/x")).description())
                .isEqualTo("Bad Request: bad webhook: An HTTPS URL must be provided for webhook");
        assertThat(bot.execute(new SetWebhook().url("https://example.com/x").secretToken("no spaces"))
                        .description())
                .isEqualTo("Bad Request: secret token contains unallowed characters");
    }

    @Test
    void badTokenAndUnknownMethodAreRefused() {
        assertThat(WORLD.send("GET", "/telegram/bot12:short/getMe", null).statusCode())
                .isEqualTo(401);
        assertThat(WORLD.send("GET", "/telegram/bot" + token + "/fly", null).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aPressedButtonIsAnUpdateOfItsOwn() {
        setWebhook();
        SendResponse sent = bot.execute(new SendMessage(42, "Which?")
                .replyMarkup(new InlineKeyboardMarkup(
                        new InlineKeyboardButton("One").callbackData("a:1"),
                        new InlineKeyboardButton("Two").callbackData("a:2"))));

        WORLD.control(
                "POST",
                "/telegram/bots/" + token + "/presses",
                "{\"message_id\":" + sent.message().messageId() + ",\"data\":\"a:2\"}");

        Update update = BotUtils.parseUpdate(WORLD.awaitReceived(1).getFirst().body());
        assertThat(update.callbackQuery().data()).isEqualTo("a:2");
        assertThat(update.callbackQuery().maybeInaccessibleMessage().messageId())
                .isEqualTo(sent.message().messageId());
        assertThat(bot.execute(new AnswerCallbackQuery(update.callbackQuery().id()))
                        .isOk())
                .isTrue();
        assertThat(bot.execute(new SendMessage(42, "x")
                                .replyMarkup(new InlineKeyboardMarkup(
                                        new InlineKeyboardButton("Too much").callbackData("x".repeat(65)))))
                        .isOk())
                .isFalse();
    }

    @Test
    void filesGoBothWays() {
        setWebhook();
        write("{\"chat_id\":42,\"file\":\"photo\",\"caption\":\"my cat\",\"content\":\"aGVsbG8=\"}");

        Update update = BotUtils.parseUpdate(WORLD.awaitReceived(1).getFirst().body());
        String id = update.message().photo()[1].fileId();
        String path = bot.execute(new GetFile(id)).file().filePath();

        assertThat(update.message().caption()).isEqualTo("my cat");
        assertThat(WORLD.send("GET", "/telegram/file/bot" + token + "/" + path, null)
                        .body())
                .isEqualTo("hello");
        assertThat(bot.execute(new GetFile("unknown")).isOk()).isFalse();
        assertThat(bot.execute(new SendPhoto(42, "https://x.example/1.png").caption("look"))
                        .message()
                        .caption())
                .isEqualTo("look");
    }

    @Test
    void aChangedMessageIsAnEdit() {
        setWebhook();
        write("{\"chat_id\":42,\"text\":\"Helo\"}");
        write("{\"chat_id\":42,\"text\":\"Hello\",\"message_id\":1,\"edited\":true}");

        Update update = BotUtils.parseUpdate(WORLD.awaitReceived(2).get(1).body());
        assertThat(update.editedMessage().text()).isEqualTo("Hello");
        assertThat(update.editedMessage().messageId()).isEqualTo(1);
    }
}
