package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** An end customer writes to a tenant's Telegram bot and gets the agent's answer there. */
@Order(30)
class EndCustomerStoryE2E {
    private final String token = Simulators.botToken();

    @Test
    void aMessageToTheBotIsAnsweredThereOnceAndInOrder() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        customer.connectBot(token);
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);

        Simulators.writeToBot(token, chat, "Do you deliver to Pune?");

        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(1));
        assertThat(Simulators.sentByBot(token, chat).getFirst()).isNotBlank();
        for (int i = 1; i <= 3; i++) {
            int answers = i + 1;
            Simulators.writeToBot(token, chat, "question " + i);
            Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                    .hasSize(answers));
        }
        List<String> sent = Simulators.sentByBot(token, chat);
        assertThat(sent.get(1)).contains("question 1");
        assertThat(sent.get(2)).contains("question 2");
        assertThat(sent.get(3)).contains("question 3");
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(4);
        assertThat(customer.api().get("/api/v1/conversations").expect(200).raw())
                .contains("telegram");
    }

    @Test
    void whatIsWrittenInPiecesGetsOneAnswerAndCostsOneMessage() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        customer.connectBot(token);
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);

        // At once, as pieces that come further apart than the quiet window are no burst.
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String piece : List.of("I want", "a table", "for two")) {
                threads.execute(() -> Simulators.writeToBot(token, chat, piece));
            }
        }

        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(1));
        assertThat(Simulators.sentByBot(token, chat).getFirst()).contains("for two");
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
        String conversation = customer.api()
                .get("/api/v1/conversations")
                .expect(200)
                .at("/items/0/id")
                .asText();
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(customer.api()
                        .get("/api/v1/conversations/" + conversation + "/messages")
                        .expect(200)
                        .at("items")
                        .findValuesAsText("status"))
                .containsExactly("sent", "answered", "merged", "merged"));
    }

    @Test
    void aPersonTakesOverTheBotIsSilentAndStopIsObeyed() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        customer.connectBot(token);
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);
        Simulators.writeToBot(token, chat, "hello");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(1));
        String conversation = customer.api()
                .get("/api/v1/conversations")
                .expect(200)
                .at("/items/0/id")
                .asText();

        customer.api()
                .post(
                        "/api/v1/conversations/" + conversation + "/messages",
                        Map.of("text", "Grace here, how can I help?"))
                .expect(201);
        Eventually.passes(Duration.ofSeconds(5), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(2));
        Simulators.writeToBot(token, chat, "I wait for my parcel");
        Simulators.writeToBot(token, chat, "STOP");

        Eventually.passes(Duration.ofSeconds(5), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(3));
        assertThat(Simulators.sentByBot(token, chat).get(1)).isEqualTo("Grace here, how can I help?");
        assertThat(Simulators.sentByBot(token, chat).get(2)).contains("START");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(customer.api()
                        .get("/api/v1/conversations/" + conversation + "/messages")
                        .expect(200)
                        .at("items")
                        .findValuesAsText("status"))
                .containsExactly("sent", "refused", "held_by_staff", "sent", "sent", "answered"));
        assertThat(customer.api()
                        .get("/api/v1/contacts")
                        .expect(200)
                        .at("/items/0/opted_out")
                        .asBoolean())
                .isTrue();
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt())
                .as("the agent's answer and what Grace wrote")
                .isEqualTo(2);
    }

    @Test
    void aPersonTakesOverOnTheWebToo() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        String conversation = customer.conversation("concierge");
        String path = "/api/v1/conversations/" + conversation;
        customer.say(conversation, "hello").expect(201);

        customer.api().post(path + "/takeover", Map.of()).expect(200);
        Answer held = customer.say(conversation, "I wait for my parcel").expect(202);
        customer.api()
                .post(path + "/messages", Map.of("text", "Grace here, it is on its way", "as", "staff"))
                .expect(201);
        customer.api().post(path + "/handback", Map.of()).expect(200);
        customer.say(conversation, "thanks").expect(201);

        assertThat(held.text("state")).isEqualTo("held_by_staff");
        assertThat(held.at("reply").isMissingNode()).isTrue();
        assertThat(customer.api()
                        .get(path + "/messages")
                        .expect(200)
                        .at("items")
                        .findValuesAsText("role"))
                .containsExactly("assistant", "user", "staff", "user", "assistant", "user");
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt())
                .as("the agent's two answers and what Grace wrote")
                .isEqualTo(3);
    }

    @Test
    void outsideOfItsHoursTheAgentSaysSoOnceAndCostsNothing() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        customer.connectBot(token);
        configure(customer, Map.of("schedule", schedule(List.of())));
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);

        Simulators.writeToBot(token, chat, "Do you deliver to Pune?");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .containsExactly("We are back at nine."));
        Simulators.writeToBot(token, chat, "Hello?");
        String conversation = customer.api()
                .get("/api/v1/conversations")
                .expect(200)
                .at("/items/0/id")
                .asText();
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(customer.api()
                        .get("/api/v1/conversations/" + conversation + "/messages")
                        .expect(200)
                        .at("items")
                        .findValuesAsText("status"))
                .containsExactly("refused", "sent", "refused"));

        assertThat(Simulators.sentByBot(token, chat)).hasSize(1);
        Answer credits = customer.api().get("/api/v1/credits").expect(200);
        assertThat(credits.at("used").asInt()).isZero();
        assertThat(credits.at("held").asInt()).isZero();
        configure(customer, Map.of("schedule", schedule(List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun"))));
        Simulators.writeToBot(token, chat, "And now?");
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(2));
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
    }

    private static void configure(Customer customer, Map<String, ?> content) {
        customer.api().put("/api/v1/agents/concierge/configuration", content).expect(200);
    }

    private static Map<String, Object> schedule(List<String> days) {
        return Map.of(
                "time_zone",
                "Asia/Kolkata",
                "hours",
                days.isEmpty() ? List.of() : List.of(Map.of("days", days, "from", "00:00", "to", "24:00")),
                "outside",
                Map.of("text", "We are back at nine."));
    }

    @Test
    void theSameUpdateTwiceIsAnsweredOnce() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        Answer account = customer.connectBot(token);
        long chat = ThreadLocalRandom.current().nextLong(1_000_000, 9_000_000);
        String update = update(77, chat, "hello twice");
        Api bot = Api.anonymous().with("X-Telegram-Bot-Api-Secret-Token", Customer.BOT_SECRET);
        String path = "/webhooks/telegram/" + account.text("id");

        for (int i = 0; i < 5; i++) {
            Answer taken = bot.post(path, update).expect(200);
            assertThat(taken.raw()).isEmpty();
        }

        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(Simulators.sentByBot(token, chat))
                .hasSize(1));
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt()).isEqualTo(1);
    }

    @Test
    void anUpdateWithoutTheSecretIsRefusedAndLeavesNothing() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        Answer account = customer.connectBot(token);
        String path = "/webhooks/telegram/" + account.text("id");

        assertThat(Api.anonymous().post(path, update(1, 5, "forged")).status()).isIn(401, 403);
        assertThat(Api.anonymous()
                        .with("X-Telegram-Bot-Api-Secret-Token", "wrong")
                        .post(path, update(1, 5, "forged"))
                        .status())
                .isIn(401, 403);

        assertThat(customer.api().get("/api/v1/conversations").expect(200).at("items"))
                .isEmpty();
    }

    @Test
    void credentialsAreNeverShownAgain() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        customer.connectBot(token);

        assertThat(customer.api().get("/api/v1/channels").expect(200).raw()).doesNotContain(token, Customer.BOT_SECRET);
    }

    private static String update(long id, long chat, String text) {
        return """
            {"update_id": %d, "message": {"message_id": %d, "date": 1700000000, "text": "%s",
             "chat": {"id": %d, "type": "private", "first_name": "Grace"},
             "from": {"id": %d, "is_bot": false, "first_name": "Grace"}}}
            """.formatted(id, id, text, chat, chat);
    }
}
