package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant connects WhatsApp and an SMS number itself, and end customers are answered there. */
@Order(31)
class MessengerStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
    private final String endCustomer = "1650" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);

    @AfterEach
    void theModelSaysWhatItLikes() {
        Simulators.api().delete("/_control/llm/replies");
    }

    @Test
    void whatsAppFromConnectingToTheSecondTick() {
        String number = "10654" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 99_999_999_999L);
        String control = "/whatsapp/numbers/" + number;
        Simulators.control("PUT", control, Map.of("app_secret", "right-secret"));
        Answer channel = connect(
                "whatsapp",
                Map.of("phone_number_id", number, "access_token", "EAAtoken", "app_secret", "right-secret"));
        assertThat(customer.api()
                        .post(
                                "/api/v1/channels",
                                channel(
                                        "whatsapp",
                                        Map.of(
                                                "phone_number_id",
                                                number + "1",
                                                "access_token",
                                                "EAAtoken",
                                                "app_secret",
                                                "wrong-secret")))
                        .expect(422)
                        .raw())
                .contains("appsecret_proof");
        assertThat(wrong(channel))
                .as("Meta was told the number's address and asked it")
                .isEmpty();
        Simulators.control("PUT", control, Map.of("status", "FLAGGED"));
        assertThat(wrong(channel)).containsExactly("number");
        Simulators.control("PUT", control, Map.of("status", "CONNECTED"));
        assertThat(Simulators.control(
                                "POST",
                                control + "/webhook",
                                Map.of("url", channel.text("webhook_url"), "verify_token", "guessed"))
                        .path("verified")
                        .asBoolean())
                .isFalse();
        assertThat(Simulators.control(
                                "POST",
                                control + "/webhook",
                                Map.of(
                                        "url",
                                        channel.text("webhook_url"),
                                        "verify_token",
                                        channel.at("setup").path("verify_token").asText()))
                        .path("verified")
                        .asBoolean())
                .isTrue();
        assertThat(wrong(channel)).isEmpty();

        Simulators.control(
                "POST", control + "/messages", Map.of("from", endCustomer, "name", "Ana", "text", "Do you deliver? ✓"));

        JsonNode sent = first(control, endCustomer);
        assertThat(sent.path("body").path("text").path("body").asText()).contains("Do you deliver? ✓");
        assertThat(customer.api().get("/api/v1/contacts").expect(200).raw()).contains("Ana");
        Eventually.passes(SOON, () -> assertThat(trace("whatsapp")).contains("send-read"));
        held(control, channel);
        saidByAPerson(control);
    }

    /** A person lets the customer choose; to who wrote too long ago a template goes, and words are refused at once. */
    private void saidByAPerson(String control) {
        String chosen = "/api/v1/conversations/" + conversationWith("Do you deliver? ✓") + "/messages";
        List<Map<String, String>> buttons =
                List.of(Map.of("id", "today", "title", "Today"), Map.of("id", "later", "title", "Later"));
        customer.api()
                .post(chosen, Map.of("text", "When shall we come?", "buttons", buttons))
                .expect(201);
        Eventually.passes(SOON, () -> assertThat(Simulators.sentTo(control, endCustomer)
                        .getLast()
                        .at("/body/interactive/action/buttons/1/reply/title")
                        .asText())
                .isEqualTo("Later"));
        assertThat(customer.api().get(chosen).expect(200).raw()).contains("\"id\":\"today\"");
        customer.api()
                .post(chosen, Map.of("text", "x", "buttons", List.of(Map.of("id", "a", "title", "t".repeat(21)))))
                .expect(422);

        String silent = endCustomer + "3";
        long yesterday = Instant.now().getEpochSecond() - 86_401;
        Simulators.control(
                "POST", control + "/messages", Map.of("from", silent, "text", "No hurry", "timestamp", yesterday));
        assertThat(first(control, silent).path("type").asText()).isEqualTo("template");
        String late = "/api/v1/conversations/" + conversationWith("No hurry") + "/messages";
        assertThat(customer.api()
                        .post(late, Map.of("text", "It is here"))
                        .expect(409)
                        .text("code"))
                .isEqualTo("REPLY_WINDOW_CLOSED");
        Map<String, String> template = Map.of("name", "hello_world", "language", "en_US");
        customer.api().post(late, Map.of("template", template)).expect(201);
        Eventually.passes(
                SOON, () -> assertThat(Simulators.sentTo(control, silent)).hasSize(2));
        assertThat(Simulators.sentTo(control, silent).getLast().path("type").asText())
                .isEqualTo("template");
    }

    private String conversationWith(String words) {
        for (JsonNode conversation : customer.api()
                .get("/api/v1/conversations?channel=whatsapp")
                .expect(200)
                .at("items")) {
            String id = conversation.path("id").asText();
            if (customer.api()
                    .get("/api/v1/conversations/" + id + "/messages")
                    .expect(200)
                    .raw()
                    .contains("\"text\":\"" + words)) {
                return id;
            }
        }
        throw new AssertionError("no conversation with " + words);
    }

    /** An answer to what was written a day ago waits for the customer, whom a template asks to write again. */
    private void held(String control, Answer channel) {
        customer.api()
                .patch(
                        "/api/v1/channels/" + channel.text("id"),
                        Map.of("held_template", Map.of("name", "hello_world", "language", "en_US")))
                .expect(200);
        String late = endCustomer + "1";
        long yesterday = Instant.now().getEpochSecond() - 86_401;
        Simulators.control(
                "POST",
                control + "/messages",
                Map.of("from", late, "text", "I wrote yesterday", "timestamp", yesterday));
        Eventually.passes(SOON, () -> assertThat(conversations("whatsapp")).contains("held"));
        assertThat(first(control, late).path("type").asText()).isEqualTo("template");
        assertThat(Simulators.sentTo(control, late)).hasSize(1);
        Simulators.control("POST", control + "/messages", Map.of("from", late, "text", "Hello again"));
        Eventually.passes(
                SOON, () -> assertThat(Simulators.sentTo(control, late)).hasSize(3));
        assertThat(Simulators.sentTo(control, late)
                        .get(1)
                        .path("body")
                        .path("text")
                        .path("body")
                        .asText())
                .contains("I wrote yesterday");
    }

    @Test
    void smsFromConnectingToDelivery() {
        String account = "AC" + "%032x".formatted(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        String control = "/twilio/accounts/" + account;
        String number = "+1555" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);
        Simulators.control("PUT", control, Map.of("auth_token", "right-token", "numbers", List.of(number)));
        Answer channel =
                connect("twilio", Map.of("account_sid", account, "auth_token", "right-token", "phone_number", number));
        assertThat(wrong(channel)).isEmpty();

        String from = "+" + endCustomer;
        Map<String, Object> message =
                Map.of("from", from, "to", number, "body", "Do you deliver?", "message_sid", "SM1");
        Simulators.control("POST", control + "/messages", message);
        Simulators.control("POST", control + "/messages", message);

        String to = "%2B" + endCustomer;
        JsonNode sent = first(control, to);
        assertThat(sent.path("body").asText()).contains("Do you deliver?");
        assertThat(sent.path("from").asText()).isEqualTo(number);
        Eventually.passes(SOON, () -> assertThat(trace("sms")).contains("send-delivered"));
        Simulators.control(
                "POST",
                control + "/messages",
                Map.of("from", from, "to", number, "body", "forged", "auth_token", "other"));
        Eventually.passes(SOON, () -> assertThat(
                        Simulators.control("GET", "/webhooks/twilio", null).toString())
                .contains("answered 401"));
        assertThat(Simulators.sentTo(control, to)).hasSize(1);
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
    }

    /** What the model writes in Markdown reaches everybody in the form of the messenger that they wrote by. */
    @Test
    void oneAnswerHasEachMessengersForm() {
        String mark = "m" + ThreadLocalRandom.current().nextInt(100_000, 999_999);
        Simulators.control(
                "PUT",
                "/llm/replies",
                List.of(
                        Map.of(
                                "match",
                                mark,
                                "text",
                                "## Chairs\nWe have **two** 😀 in stock_room_1:\n* [red](https://shop.example/r_1)\n* `blue`")));
        String phoneId = "10654" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 99_999_999_999L);
        String whatsapp = "/whatsapp/numbers/" + phoneId;
        Simulators.control("PUT", whatsapp, Map.of("app_secret", "right-secret"));
        connect(
                "whatsapp",
                Map.of("phone_number_id", phoneId, "access_token", "EAAtoken", "app_secret", "right-secret"));
        String account = "AC" + "%032x".formatted(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE));
        String twilio = "/twilio/accounts/" + account;
        String number = "+1555" + ThreadLocalRandom.current().nextInt(1_000_000, 9_999_999);
        Simulators.control("PUT", twilio, Map.of("auth_token", "right-token", "numbers", List.of(number)));
        connect("twilio", Map.of("account_sid", account, "auth_token", "right-token", "phone_number", number));
        String bot = ThreadLocalRandom.current().nextInt(100_000_000, 999_999_999) + ":AAE2Emarkdown-" + mark;
        connect("telegram", Map.of("bot_token", bot));

        Simulators.control("POST", whatsapp + "/messages", Map.of("from", endCustomer, "text", mark));
        Simulators.control("POST", twilio + "/messages", Map.of("from", "+" + endCustomer, "to", number, "body", mark));
        Simulators.writeToBot(bot, 77, mark);

        assertThat(first(whatsapp, endCustomer)
                        .path("body")
                        .path("text")
                        .path("body")
                        .asText())
                .isEqualTo("*Chairs*\nWe have *two* 😀 in stock_room_1:\n- red (https://shop.example/r_1)\n- `blue`");
        assertThat(first(twilio, "%2B" + endCustomer).path("body").asText())
                .isEqualTo("Chairs\nWe have two 😀 in stock_room_1:\n- red (https://shop.example/r_1)\n- blue");
        JsonNode told = Eventually.within(SOON, () -> {
                    JsonNode sent = Simulators.control("GET", "/telegram/bots/" + bot + "/sent?chat_id=77", null)
                            .path("items");
                    assertThat(sent).isNotEmpty();
                    return sent.get(0);
                })
                .path("message");
        assertThat(told.path("text").asText()).isEqualTo("Chairs\nWe have two 😀 in stock_room_1:\n- red\n- blue");
        assertThat(told.path("entities").toString())
                .isEqualTo("[{\"type\":\"bold\",\"offset\":0,\"length\":6},"
                        + "{\"type\":\"bold\",\"offset\":15,\"length\":3},"
                        + "{\"type\":\"text_link\",\"offset\":41,\"length\":3,\"url\":\"https://shop.example/r_1\"},"
                        + "{\"type\":\"code\",\"offset\":47,\"length\":4}]");
    }

    private static JsonNode first(String control, String to) {
        return Eventually.within(SOON, () -> {
            List<JsonNode> sent = Simulators.sentTo(control, to);
            assertThat(sent).isNotEmpty();
            return sent.getFirst();
        });
    }

    private Answer connect(String type, Map<String, String> credentials) {
        return customer.api()
                .post("/api/v1/channels", channel(type, credentials))
                .expect(201);
    }

    private static Map<String, Object> channel(String type, Map<String, String> credentials) {
        return Map.of("type", type, "name", "Our number", "agent", "concierge", "credentials", credentials);
    }

    /** What the test button finds wrong. */
    private List<String> wrong(Answer channel) {
        Answer test = customer.api()
                .post("/api/v1/channels/" + channel.text("id") + "/test", Map.of())
                .expect(200);
        List<String> wrong = new ArrayList<>();
        for (JsonNode check : test.at("checks")) {
            if (!check.path("ok").asBoolean()) {
                wrong.add(check.path("name").asText());
            }
        }
        return wrong;
    }

    private String conversations(String channel) {
        StringBuilder all = new StringBuilder();
        for (JsonNode conversation : customer.api()
                .get("/api/v1/conversations?channel=" + channel)
                .expect(200)
                .at("items")) {
            all.append(customer.api()
                    .get("/api/v1/conversations/" + conversation.path("id").asText() + "/messages")
                    .expect(200)
                    .raw());
        }
        return all.toString();
    }

    /** The steps of the only operation of the channel's first conversation. */
    private String trace(String channel) {
        String operation = conversations(channel).replaceFirst("(?s).*\"operation_id\":\"([^\"]+)\".*", "$1");
        return customer.api().get("/api/v1/operations/" + operation).expect(200).raw();
    }
}
