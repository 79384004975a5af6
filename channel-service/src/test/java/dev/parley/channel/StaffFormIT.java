package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.channel.adapter.Adapters;
import dev.parley.channel.adapter.ButtonRules;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class StaffFormIT {
    private static final Map<String, Object> TEMPLATE =
            Map.of("name", "order_update", "language", "en_US", "parameters", List.of("Ana", "12"));

    @Inject
    Adapters adapters;

    @Test
    void everyChannelDeclaresItsButtons() {
        assertThat(rules("telegram")).isEqualTo(new ButtonRules(20, 60, 64));
        assertThat(rules("whatsapp")).isEqualTo(new ButtonRules(3, 20, 256));
        assertThat(rules("sms")).isEqualTo(ButtonRules.NONE);
        assertThat(rules("email")).isEqualTo(ButtonRules.NONE);
        assertThat(rules("web")).isEqualTo(ButtonRules.NONE);
    }

    @Test
    void buttonsOnWhatsAppAreQuickRepliesAndAreKeptAsTheyWereSent() {
        TenantId tenant = newTenant();
        String account = WhatsAppIT.connect(tenant);
        String customer = customer();
        String conversation = written(tenant, account, customer, Instant.now());
        Map<String, Object> request = Map.of(
                "text",
                "Shall we deliver?",
                "client_message_id",
                "b1",
                "buttons",
                List.of(Map.of("id", "yes", "title", "Yes"), Map.of("id", "no", "title", "t".repeat(20))));

        String said = say(tenant, conversation, request)
                .statusCode(201)
                .body("message.text", equalTo("Shall we deliver?"))
                .body("message.buttons", hasSize(2))
                .body("message.buttons[0].id", equalTo("yes"))
                .body("message.template", nullValue())
                .extract()
                .path("message.id");
        await(() -> FakeMessengers.sentTo(customer).size() == 2);

        JsonNode sent = FakeMessengers.sentTo(customer).getLast().path("interactive");
        assertThat(sent.path("type").asText()).isEqualTo("button");
        assertThat(sent.path("body").path("text").asText()).isEqualTo("Shall we deliver?");
        assertThat(sent.path("action").path("buttons").toString())
                .isEqualTo("[{\"type\":\"reply\",\"reply\":{\"id\":\"yes\",\"title\":\"Yes\"}},"
                        + "{\"type\":\"reply\",\"reply\":{\"id\":\"no\",\"title\":\"" + "t".repeat(20) + "\"}}]");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items[0].id", equalTo(said))
                .body("items[0].buttons.title", equalTo(List.of("Yes", "t".repeat(20))))
                .body("items[1].buttons", nullValue());
        say(tenant, conversation, request).statusCode(201).body("message.id", equalTo(said));
        say(tenant, conversation, Map.of("text", "Shall we deliver?", "client_message_id", "b1"))
                .statusCode(422)
                .body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        refused(tenant, conversation, buttons(4, 1), "/buttons", "are 3 at most on whatsapp");
        refused(tenant, conversation, buttons(1, 21), "/buttons/0/title", "has 20 characters at most on whatsapp");
        assertThat(FakeMessengers.sentTo(customer)).hasSize(2);
    }

    @Test
    void theSameIdWithOtherAttachmentsIsAnotherMessage() {
        TenantId tenant = newTenant();
        String account = WhatsAppIT.connect(tenant);
        String conversation = written(tenant, account, customer(), Instant.now());
        String said = say(tenant, conversation, pictured("https://shop.example/a.png"))
                .statusCode(201)
                .extract()
                .path("message.id");

        say(tenant, conversation, pictured("https://shop.example/a.png"))
                .statusCode(201)
                .body("message.id", equalTo(said));
        say(tenant, conversation, pictured("https://shop.example/b.png"))
                .statusCode(422)
                .body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        say(tenant, conversation, Map.of("text", "Look", "client_message_id", "p1"))
                .statusCode(422)
                .body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
    }

    @Test
    void afterADayOnlyATemplateGoesAndNothingElseIsBegun() {
        TenantId tenant = newTenant();
        String account = WhatsAppIT.connect(tenant);
        String customer = customer();
        Instant before = Instant.now();
        String conversation = written(tenant, account, customer, before);
        execute("update app.conversation set last_inbound_at = now() - interval '24 hours' where id = '" + conversation
                + "'");

        say(tenant, conversation, Map.of("text", "Your order is here"))
                .statusCode(409)
                .body("code", equalTo("REPLY_WINDOW_CLOSED"))
                .body("type", equalTo("https://parley.dev/problems/reply-window-closed"))
                .body("detail", containsString("{\"template\":"))
                .body(
                        "last_inbound_at",
                        equalTo(Instant.parse(text("select to_char(last_inbound_at at time zone 'UTC',"
                                        + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') from app.conversation where id = '"
                                        + conversation + "'"))
                                .toString()));
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("bot");
        assertThat(count("select count(*) from app.staff_charge where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(count("select count(*) from app.message where role = 'staff' and tenant_id = '" + tenant + "'"))
                .isZero();

        say(tenant, conversation, Map.of("template", TEMPLATE, "client_message_id", "t1"))
                .statusCode(201)
                .body("message.text", equalTo("[template] order_update (en_US): Ana, 12"))
                .body("message.template.name", equalTo("order_update"))
                .body("message.template.parameters", equalTo(List.of("Ana", "12")));
        await(() -> FakeMessengers.sentTo(customer).size() == 2);
        JsonNode sent = FakeMessengers.sentTo(customer).getLast();
        assertThat(sent.path("type").asText()).isEqualTo("template");
        assertThat(sent.path("template").toString())
                .isEqualTo("{\"name\":\"order_update\",\"language\":{\"code\":\"en_US\"},\"components\":[{\"type\":"
                        + "\"body\",\"parameters\":[{\"type\":\"text\",\"text\":\"Ana\"},"
                        + "{\"type\":\"text\",\"text\":\"12\"}]}]}");
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("staff");

        WhatsAppIT.deliver(
                account,
                WhatsAppIT.notification(WhatsAppIT.words(
                        "wamid.9" + customer, customer, "Thanks", Instant.now().getEpochSecond())));
        say(tenant, conversation, Map.of("text", "You are welcome")).statusCode(201);
        await(() -> FakeMessengers.sentTo(customer).size() == 3);
    }

    @Test
    void aTemplateIsCheckedBeforeAnythingIsBegun() {
        TenantId tenant = newTenant();
        String account = WhatsAppIT.connect(tenant);
        String conversation = written(tenant, account, customer(), Instant.now());
        String bot = telegram(tenant, "concierge");
        String chat = chat("38");
        update(bot, "s3cret", message(1, chat, 1, "hi"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        String onTelegram = text("select id from app.conversation where recipient = '" + chat + "'");
        String onWeb = Channel.conversation(tenant, "concierge");

        refused(tenant, onTelegram, Map.of("template", TEMPLATE), "/template", "is not for telegram");
        refused(tenant, conversation, Map.of("template", TEMPLATE, "text", "x"), "/text", "is not for a template");
        refused(tenant, conversation, Map.of(), "/text", "must not be blank");
        refused(
                tenant,
                conversation,
                Map.of("template", Map.of("name", "Order", "language", "en")),
                "/template/name",
                "must be a template's name: a-z, 0-9 and _");
        refused(
                tenant,
                conversation,
                Map.of("template", Map.of("name", "x", "language", "en", "parameters", List.of("a     b"))),
                "/template/parameters/0",
                "must have no line breaks, tabs or five spaces in a row");
        refused(tenant, onWeb, Map.of("template", TEMPLATE), "/template", "is not for web");
        say(tenant, onWeb, buttons(1, 1))
                .statusCode(201)
                .body("message.role", equalTo("staff"))
                .body("message.text", equalTo("Choose\n\n1. 0"));
    }

    @Test
    void buttonsOnTelegramAreAKeyboard() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("39");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        String conversation = text("select id from app.conversation where recipient = '" + chat + "'");

        say(tenant, conversation, buttons(4, 60)).statusCode(201);
        await(() -> Fakes.sentTo(chat).size() == 2);

        JsonNode rows = Fakes.sentTo(chat).getLast().body().path("reply_markup").path("inline_keyboard");
        assertThat(rows).hasSize(4);
        assertThat(rows.get(3).toString())
                .isEqualTo("[{\"text\":\"3" + "t".repeat(59) + "\",\"callback_data\":\"b3\"}]");
        refused(
                tenant,
                conversation,
                Map.of("text", "x", "buttons", List.of(Map.of("id", "i".repeat(65), "title", "t"))),
                "/buttons/0/id",
                "has 64 bytes at most on telegram");
    }

    private ButtonRules rules(String channel) {
        return adapters.channel(channel).capabilities().buttons();
    }

    private static Map<String, Object> buttons(int many, int title) {
        return Map.of(
                "text",
                "Choose",
                "buttons",
                java.util.stream.IntStream.range(0, many)
                        .mapToObj(i -> Map.of("id", "b" + i, "title", i + "t".repeat(title - 1)))
                        .toList());
    }

    private static void refused(
            TenantId tenant, String conversation, Map<String, Object> request, String pointer, String detail) {
        say(tenant, conversation, request)
                .statusCode(422)
                .body("code", equalTo("VALIDATION_FAILED"))
                .body("errors[0].pointer", equalTo(pointer))
                .body("errors[0].detail", equalTo(detail));
    }

    private static ValidatableResponse say(TenantId tenant, String conversation, Map<String, Object> request) {
        return member(tenant)
                .body(request)
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    private static Map<String, Object> pictured(String url) {
        return Map.of(
                "text", "Look", "client_message_id", "p1", "attachments", List.of(Map.of("type", "image", "url", url)));
    }

    /** The customer wrote at that time, and was answered. */
    private static String written(TenantId tenant, String account, String customer, Instant at) {
        WhatsAppIT.deliver(
                account,
                WhatsAppIT.notification(
                        WhatsAppIT.words("wamid.1" + customer, customer, "hello", at.getEpochSecond())));
        await(() -> FakeMessengers.sentTo(customer).size() == 1);
        await(() -> count("select count(*) from app.send_intent where state = 'SENT' and tenant_id = '" + tenant + "'")
                == 1);
        return text("select id from app.conversation where tenant_id = '" + tenant + "'");
    }

    private static String customer() {
        return "1651" + Math.abs(UUID.randomUUID().getMostSignificantBits() % 10_000_000L);
    }
}
