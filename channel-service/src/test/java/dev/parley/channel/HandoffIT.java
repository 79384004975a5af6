package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.said;
import static dev.parley.channel.Channel.states;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People take conversations over from the bot; the bot never talks over them, and has them back by a rule. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class HandoffIT {
    @Test
    void whilePeopleHaveAConversationTheBotIsSilent() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("71");
        String conversation = answered(tenant, account, chat);

        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200)
                .body("owner", equalTo("staff"))
                .body("assigned_to", equalTo("user-" + tenant))
                .body("epoch", equalTo(1));
        update(account, "s3cret", message(2, chat, 2, "I am angry"));
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF"));
        String said = member(tenant)
                .body(Map.of("text", "Sorry, I look into it", "client_message_id", "s1"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .body("message.role", equalTo("staff"))
                .extract()
                .path("message.id");
        member(tenant)
                .body(Map.of("text", "Sorry, I look into it", "client_message_id", "s1"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .body("message.id", equalTo(said));
        await(() -> said(chat).size() == 2);
        admin(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);
        member(tenant)
                .body(Map.of("text", "Sorry, I look into it", "client_message_id", "s1"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .body("message.id", equalTo(said));
        member(tenant)
                .get("/api/v1/conversations/" + conversation)
                .then()
                .body("assigned_to", equalTo("admin-" + tenant));
        member(tenant).get("/api/v1/conversations?status=staff").then().body("items.id", contains(conversation));
        member(tenant).get("/api/v1/conversations?assigned_to=nobody").then().body("items", hasSize(0));
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200)
                .body("owner", equalTo("bot"))
                .body("epoch", equalTo(2))
                .body("assigned_to", nullValue());
        update(account, "s3cret", message(3, chat, 3, "thanks"));

        await(() -> said(chat).size() == 3);
        assertThat(said(chat)).containsExactly("You said: hello", "Sorry, I look into it", "You said: thanks");
        assertThat(prompt(tenant))
                .as("the agent hears what people said")
                .containsExactly("hello", "You said: hello", "I am angry", "Sorry, I look into it", "thanks");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.role", contains("assistant", "user", "staff", "user", "assistant", "user"))
                .body("items[2].status", equalTo("sent"))
                .body("items[3].status", equalTo("held_by_staff"));
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(409)
                .body("code", equalTo("CONVERSATION_NOT_TAKEN_OVER"));
    }

    @Test
    void anAgentThatAsksForAPersonGetsOne() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "helpless");
        String chat = chat("75");
        String conversation = answered(tenant, account, chat);
        member(tenant)
                .get("/api/v1/conversations?status=waiting")
                .then()
                .body("items.id", contains(conversation))
                .body("items[0].owner", equalTo("waiting"))
                .body("items[0].handoff.reason", equalTo("a refund"))
                .body("items[0].handoff.summary", equalTo("Ana wants her money back"))
                .body("items[0].owner_until", nullValue());
        assertThat(events(tenant, "channel.handoff-requested.v1")).isEqualTo(1);

        update(account, "s3cret", message(2, chat, 2, "hello?"));
        update(account, "s3cret", message(3, chat, 3, "anybody?"));

        await(() -> said(chat).size() == 2);
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF HELD_BY_STAFF"));
        assertThat(said(chat))
                .as("told once, and the bot says nothing")
                .containsExactly(
                        "You said: hello",
                        "Somebody will answer you here as soon as they can. Your message is not lost.");
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200)
                .body("owner", equalTo("staff"))
                .body("epoch", equalTo(1))
                .body("handoff.summary", equalTo("Ana wants her money back"));
        member(tenant).get("/api/v1/conversations?status=waiting").then().body("items", hasSize(0));
        member(tenant)
                .get("/api/v1/conversations?assigned_to=user-" + tenant)
                .then()
                .body("items.id", contains(conversation));
        member(tenant)
                .body(Map.of("text", "Here I am"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201);
        await(() -> said(chat).getLast().equals("Here I am"));
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200)
                .body("owner", equalTo("bot"))
                .body("handoff", nullValue());
        Channel.pause(Duration.ofSeconds(1));
        assertThat(said(chat)).as("what the person had is the person's").hasSize(3);
        assertThat(prompts(tenant)).isEqualTo(1);
    }

    @Test
    void whatWaitedForNobodyIsTheBotsWhenItIsGivenBack() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "helpless");
        String chat = chat("76");
        String conversation = answered(tenant, account, chat);
        update(account, "s3cret", message(2, chat, 2, "hello?"));
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF"));

        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200)
                .body("owner", equalTo("bot"));

        await(() -> said(chat).getLast().equals("You said: hello?"));
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF ANSWERED"));
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("waiting"));
    }

    @Test
    void whatTheBotHadSaidIsSentThoughItIsGivenBackBeforeAnybodyCame() {
        TenantId tenant = newTenant();
        String chat = chat("79");
        String conversation = saidAndNotSent(tenant, chat);

        member(tenant).post(conversation + "/handback").then().statusCode(200).body("epoch", equalTo(1));

        await(() -> "SENT 2".equals(send(tenant)));
        assertThat(said(chat))
                .as("the first was refused as too fast")
                .containsExactly("You said: hello", "You said: hello");
        assertThat(states(tenant)).isEqualTo("ANSWERED");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatTheBotHadSaidIsNotSentOnceAPersonHadTheConversation(boolean givenBack) {
        TenantId tenant = newTenant();
        String chat = chat("70");
        String conversation = saidAndNotSent(tenant, chat);

        member(tenant).post(conversation + "/handback").then().statusCode(200);
        member(tenant).post(conversation + "/takeover").then().statusCode(200);
        if (givenBack) {
            member(tenant).post(conversation + "/handback").then().statusCode(200);
        }

        await(() -> "CANCELLED 1".equals(send(tenant)));
        assertThat(said(chat)).hasSize(1);
    }

    @Test
    void whatTheBotHadSaidIsNotSentToWhoOptedOutSinceAndInAgain() {
        TenantId tenant = newTenant();
        String chat = chat("71");
        String conversation = saidAndNotSent(tenant, chat);
        String contact = "/api/v1/contacts/" + text("select id from app.contact where tenant_id = '" + tenant + "'");

        member(tenant).post(conversation + "/handback").then().statusCode(200);
        member(tenant).body(Map.of("opted_out", true)).patch(contact).then().statusCode(200);
        member(tenant)
                .body(Map.of("opted_out", false, "consent", true, "consent_source", "on the phone"))
                .patch(contact)
                .then()
                .statusCode(200);

        await(() -> "CANCELLED 1".equals(send(tenant)));
        assertThat(said(chat)).hasSize(1);
    }

    /** A conversation that waits for a person and whose one answer the vendor wants later; returns its path. */
    private static String saidAndNotSent(TenantId tenant, String chat) {
        Fakes.busy(chat, 20);
        update(telegram(tenant, "helpless"), "s3cret", message(1, chat, 1, "hello"));
        await(() -> "PENDING 1".equals(send(tenant)));
        return "/api/v1/conversations/" + text("select id from app.conversation where tenant_id = '" + tenant + "'");
    }

    /** The state of a tenant's one send, and how often it was tried. */
    private static String send(TenantId tenant) {
        return text("select state || ' ' || attempts from app.send_intent where tenant_id = '" + tenant + "'");
    }

    @Test
    void whoForgetsTheConversationLeavesWhatWasWrittenToTheBot() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("77");
        String conversation = answered(tenant, account, chat);
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);
        update(account, "s3cret", message(2, chat, 2, "angry"));
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF"));
        member(tenant)
                .body(Map.of("text", "I look into it"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201);
        update(account, "s3cret", message(3, chat, 3, "and?"));
        update(account, "s3cret", message(4, chat, 4, "are you there?"));
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF HELD_BY_STAFF HELD_BY_STAFF"));

        execute("update app.conversation set owner_until = now() - interval '1 second' where tenant_id = '" + tenant
                + "'");

        await(() -> said(chat).size() == 3);
        assertThat(said(chat).getLast()).isEqualTo("You said: and?\nare you there?");
        await(() -> states(tenant).equals("ANSWERED HELD_BY_STAFF HELD_BY_STAFF HELD_BY_STAFF MERGED ANSWERED"));
        assertThat(prompts(tenant)).isEqualTo(2);
    }

    @Test
    void aTakeoverWhileTheAgentWorksKeepsItsAnswerBack() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("72");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> prompt(tenant) != null);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");

        admin(tenant)
                .body(Map.of("text", "I am here", "as", "staff"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201);
        gate.countDown();

        await(() ->
                count("select count(*) from app.operation where run_id is not null and tenant_id = '" + tenant + "'")
                        == 1);
        assertThat(states(tenant)).isEqualTo("HELD_BY_STAFF");
        await(() -> said(chat).equals(List.of("I am here")));
        String operation = text("select id from app.operation where tenant_id = '" + tenant + "'");
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asInt()).isZero();
        assertThat(count("select count(*) from app.message where role = 'assistant' and tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void anAnswerThatATakeoverDiscardedIsMadeAndPaidAnewWhenNobodySaidAnything() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("78");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> prompt(tenant) != null);
        String conversation = text("select id from app.conversation where tenant_id = '" + tenant + "'");
        admin(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);
        gate.countDown();
        String discarded = Channel.operations(tenant).getFirst();
        await(() -> Fakes.SETTLEMENTS.containsKey(discarded));

        execute("update app.conversation set owner_until = now() - interval '1 second' where tenant_id = '" + tenant
                + "'");

        await(() -> said(chat).equals(List.of("You said: hello")));
        await(() -> states(tenant).equals("HELD_BY_STAFF ANSWERED"));
        String answered = Channel.operations(tenant).getLast();
        await(() -> Fakes.SETTLEMENTS.containsKey(answered));
        assertThat(Fakes.SETTLEMENTS.get(discarded).path("message").asInt(-1)).isZero();
        assertThat(Fakes.SETTLEMENTS.get(answered).path("message").asInt()).isEqualTo(1);
    }

    @Test
    void theBotNeverTalksOverAPersonWhoTakesOverBetweenTwoOfItsSends() throws Exception {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "talkative");
        String cancelled =
                "select count(*) from app.send_intent where state = 'CANCELLED' and tenant_id = '" + tenant + "'";

        for (int round = 0; round < 5 && count(cancelled) <= 3; round++) {
            takeOverBetweenSends(tenant, account, "73" + round);
        }

        assertThat(count(cancelled))
                .as("some were taken over before the last part")
                .isGreaterThan(3);
    }

    private static void takeOverBetweenSends(TenantId tenant, String account, String prefix) throws Exception {
        List<String> chats = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> races = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String chat = chat(prefix + i);
                int update = Integer.parseInt(prefix + "00") + i;
                chats.add(chat);
                races.add(threads.submit(() -> {
                    update(account, "s3cret", message(update, chat, 1, "tell me all"));
                    await(() -> !said(chat).isEmpty());
                    String conversation = text("select id from app.conversation where recipient = '" + chat + "'");
                    member(tenant)
                            .post("/api/v1/conversations/" + conversation + "/takeover")
                            .then()
                            .statusCode(200);
                    long claimed = claimed(conversation);
                    member(tenant)
                            .body(Map.of("text", "a person"))
                            .post("/api/v1/conversations/" + conversation + "/messages")
                            .then()
                            .statusCode(201);
                    await(() -> said(chat).getLast().equals("a person"));
                    assertThat(claimed(conversation))
                            .as("sends of the bot begun after the take-over was answered")
                            .isEqualTo(claimed);
                    return null;
                }));
            }
            for (Future<?> race : races) {
                race.get();
            }
        }

        await(() -> count("select count(*) from app.send_intent where state in ('PENDING', 'SENDING') and tenant_id = '"
                        + tenant + "'")
                == 0);
        chats.forEach(chat -> assertThat(said(chat).getLast()).isEqualTo("a person"));
    }

    @Test
    void whoSaysNothingForTooLongGivesTheConversationBack() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("74");
        String conversation = answered(tenant, account, chat);
        member(tenant)
                .post("/api/v1/conversations/" + conversation + "/takeover")
                .then()
                .statusCode(200);

        execute("update app.conversation set owner_until = now() - interval '1 second' where id = '" + conversation
                + "'");

        await(() -> "bot".equals(text("select owner from app.conversation where id = '" + conversation + "'")));
        assertThat(count("select epoch from app.conversation where id = '" + conversation + "'"))
                .isEqualTo(2);
        update(account, "s3cret", message(2, chat, 2, "still there?"));
        await(() -> said(chat).size() == 2);
    }

    @Test
    void conversationsOfOthersAreNotTakenOver() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String messenger = answered(tenant, account, chat("75"));

        member(tenant)
                .post("/api/v1/conversations/" + UUID.randomUUID() + "/takeover")
                .then()
                .statusCode(404);
        member(newTenant())
                .post("/api/v1/conversations/" + messenger + "/takeover")
                .then()
                .statusCode(404);
        member(newTenant())
                .body(Map.of("text", "hi", "as", "staff"))
                .post("/api/v1/conversations/" + messenger + "/messages")
                .then()
                .statusCode(404);
    }

    @Test
    void whatPeopleSendIsDecidedAndChargedOnce() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("76");
        String conversation = answered(tenant, account, chat);
        Map<String, String> request = Map.of("text", "I am here", "client_message_id", "once");
        String path = "/api/v1/conversations/" + conversation + "/messages";

        String operation = member(tenant)
                .body(request)
                .post(path)
                .then()
                .statusCode(201)
                .extract()
                .path("operation_id");
        member(tenant).body(request).post(path).then().statusCode(201).body("operation_id", equalTo(operation));

        assertThat(Fakes.DECISIONS.stream()
                        .filter(asked -> asked.path("conversation_id").asText().equals(conversation))
                        .map(asked -> asked.path("channel").asText() + " "
                                + asked.path("contact").path("opted_out").asText()))
                .as("the bot's answer, and the person's message once")
                .containsExactly("telegram false", "telegram false");
        assertThat(Fakes.SETTLEMENTS.get(operation).toString()).isEqualTo("{\"message\":1}");

        execute("update app.conversation set agent = 'premium' where id = '" + conversation + "'");
        member(tenant)
                .body(Map.of("text", "and now?"))
                .post(path)
                .then()
                .statusCode(403)
                .body("code", equalTo("AGENT_NOT_IN_PLAN"));
        await(() -> said(chat).size() == 2);
        assertThat(said(chat)).containsExactly("You said: hello", "I am here");
    }

    @Test
    void aKeyThatMayTalkToAgentsMayNotSpeakAsAPerson() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String conversation = answered(tenant, account, chat("77"));
        String path = "/api/v1/conversations/" + conversation + "/messages";
        Map<String, String> request = Map.of("text", "buy now", "as", "staff");

        as(TestTokens.apiKey(tenant, "chat")).body(request).post(path).then().statusCode(403);
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("bot");
        as(TestTokens.apiKey(tenant, "chat", "write"))
                .body(request)
                .post(path)
                .then()
                .statusCode(201);
    }

    @Test
    void whatAPersonWroteIsPaidForAlsoWhenPolicyIsAwayAtThatMoment() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String path = "/api/v1/conversations/" + answered(tenant, account, chat("78")) + "/messages";
        String waiting = "select count(*) from app.staff_charge where tenant_id = '" + tenant + "'";

        String prompt = written(tenant, path, "one");
        assertThat(Fakes.SETTLEMENTS.get(prompt).path("message").asInt()).isOne();
        assertThat(count(waiting)).isZero();

        Fakes.SETTLEMENT_AWAY.add(tenant.toString());
        String late = written(tenant, path, "two");
        assertThat(Fakes.SETTLEMENTS).doesNotContainKey(late);
        assertThat(count(waiting)).isOne();
        Fakes.SETTLEMENT_AWAY.remove(tenant.toString());
        execute("update app.staff_charge set due_at = now() where tenant_id = '" + tenant + "'");

        await(() -> count(waiting) == 0);
        Fakes.awaitCharged(late);
        assertThat(Fakes.SETTLEMENTS.get(late).path("message").asInt()).isOne();
    }

    private static String written(TenantId tenant, String path, String text) {
        return as(TestTokens.member(tenant, "member"))
                .body(Map.of("text", text, "as", "staff"))
                .post(path)
                .then()
                .statusCode(201)
                .extract()
                .path("operation_id");
    }

    private static String answered(TenantId tenant, String account, String chat) {
        update(account, "s3cret", message(1, chat, 1, "hello"));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        return text("select id from app.conversation where tenant_id = '" + tenant + "'");
    }

    private static long claimed(String conversation) {
        return count("select coalesce(sum(attempts), 0) from app.send_intent where purpose = 'reply'"
                + " and conversation_id = '" + conversation + "'");
    }

    private static List<String> prompt(TenantId tenant) {
        String operation = text(
                "select id from app.operation where tenant_id = '" + tenant + "' order by created_at desc limit 1");
        JsonNode run = Fakes.RUN_REQUESTS.stream()
                .filter(request -> request.path("operation_id").asText().equals(operation))
                .findFirst()
                .orElse(null);
        return run == null ? null : run.path("messages").findValuesAsText("content");
    }

    private static long events(TenantId tenant, String type) {
        return count(
                "select count(*) from app.stream_event where tenant_id = '" + tenant + "' and type = '" + type + "'");
    }

    private static long prompts(TenantId tenant) {
        String operations =
                text("select string_agg(id::text, ' ') from app.operation where tenant_id = '" + tenant + "'");
        return Fakes.PROVIDER_CALLS.stream().filter(operations::contains).count();
    }
}
