package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
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
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TelegramIT {
    @Test
    void aBotIsConnectedAndItsTokenIsNeverShown() {
        TenantId tenant = newTenant();

        String id = admin(tenant)
                .body(channel(Fakes.BOT_TOKEN, "concierge"))
                .post("/api/v1/channels")
                .then()
                .statusCode(201)
                .body("type", equalTo("telegram"))
                .body("name", equalTo("Bot"))
                .body("agent", equalTo("concierge"))
                .body("status", equalTo("active"))
                .body("display_name", equalTo("@parley_test_bot"))
                .extract()
                .path("id");

        var set = Fakes.TELEGRAM.stream()
                .filter(call -> call.method().equals("setWebhook"))
                .filter(call -> call.body().path("url").asText().endsWith(id))
                .findFirst()
                .orElseThrow();
        assertThat(set.body().path("url").asText()).isEqualTo("http://127.0.0.1:8080/webhooks/telegram/" + id);
        assertThat(set.body().path("secret_token").asText()).matches("[A-Za-z0-9_-]{43}");
        admin(tenant)
                .get("/api/v1/channels")
                .then()
                .statusCode(200)
                .body("items.id", contains(id))
                .body(not(containsString(Fakes.BOT_TOKEN)));
        assertThat(text("select encode(credentials, 'escape') from app.channel_account where id = '" + id + "'"))
                .doesNotContain("telegram-test-token");
        assertThat(text("select string_agg(payload::text, '') from app.outbox_event where tenant_id = '" + tenant
                        + "'"))
                .satisfiesAnyOf(payload -> assertThat(payload).isNull(), payload -> assertThat(payload)
                        .doesNotContain("telegram-test-token"));
        admin(tenant)
                .body(channel(Fakes.BOT_TOKEN, "concierge"))
                .post("/api/v1/channels")
                .then()
                .statusCode(409)
                .body("code", equalTo("CHANNEL_ALREADY_CONNECTED"));
    }

    @Test
    void whatCannotBeConnectedIsRefused() {
        TenantId tenant = newTenant();

        refused(tenant, channel("1:wrong", "concierge"), 422, "CHANNEL_REFUSED");
        refused(tenant, channel("no token", "concierge"), 422, "VALIDATION_FAILED");
        refused(tenant, channel(Fakes.BOT_TOKEN, "nobody"), 422, "CHANNEL_AGENT_UNKNOWN");
        refused(tenant, channel(Fakes.BOT_TOKEN, "premium"), 403, "AGENT_NOT_IN_PLAN");
        refused(
                tenant,
                Map.of("type", "pigeon", "name", "x", "agent", "concierge", "credentials", Map.of()),
                422,
                "CHANNEL_TYPE_UNKNOWN");
        refused(
                tenant,
                Map.of(
                        "type", "telegram",
                        "name", "x",
                        "agent", "concierge",
                        "credentials", Map.of("bot_token", Fakes.BOT_TOKEN, "secret_token", "bad secret!")),
                422,
                "VALIDATION_FAILED");
        admin(tenant).get("/api/v1/channels").then().body("items", hasSize(0));
    }

    @Test
    void anUpdateIsAnsweredOnceHoweverOftenItComes() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("1");
        String body = message(500, chat, 1, "Hello bot");

        for (int i = 0; i < 3; i++) {
            var response = update(account, "s3cret", body);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.asString()).isEmpty();
        }

        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(Fakes.sentTo(chat).getFirst().body().path("text").asText()).isEqualTo("You said: Hello bot");
        await(() -> count("select count(*) from app.send_intent where state = 'SENT' and tenant_id = '" + tenant + "'")
                == 1);
        String operation = text("select id from app.operation where tenant_id = '" + tenant + "'");
        Fakes.awaitCharged(operation);
        assertThat(count("select count(*) from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        member(tenant)
                .get("/api/v1/contacts")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].display_name", equalTo("Ana"))
                .body("items[0].identities[0].username", equalTo("ana"))
                .body("items[0].identities[0].channel", equalTo("telegram"));
        String conversation = member(tenant)
                .get("/api/v1/conversations?channel=telegram")
                .then()
                .body("items", hasSize(1))
                .extract()
                .path("items[0].id");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.text", contains("You said: Hello bot", "Hello bot"))
                .body("items.status", contains("sent", "answered"));
        member(tenant)
                .body(Map.of("text", "from a person", "client_message_id", "p1"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201)
                .body("message.role", equalTo("staff"));
        await(() -> member(tenant)
                .get("/api/v1/operations/" + operation)
                .then()
                .extract()
                .jsonPath()
                .getList("steps.step")
                .containsAll(List.of(
                        "message-received",
                        "message-deduplicated",
                        "message-ordered",
                        "decided",
                        "agent-ran",
                        "settled",
                        "message-answered",
                        "send-sent")));
        member(tenant)
                .get("/api/v1/operations/" + operation)
                .then()
                .body("steps.find { it.step == 'message-deduplicated' }.detail.duplicates", equalTo("2"))
                .body("steps.find { it.step == 'message-ordered' }.detail.seq", equalTo("1"));
    }

    @Test
    void anAgentsMarkdownBecomesEntitiesAndAPersonsTextStaysAsItIs() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("1");

        update(account, "s3cret", message(501, chat, 1, "\uD83D\uDE00 **bold** [x](https://x.example/a_b)"));
        await(() -> Fakes.sentTo(chat).size() == 1);
        String conversation = member(tenant)
                .get("/api/v1/conversations?channel=telegram")
                .then()
                .extract()
                .path("items[0].id");
        member(tenant)
                .body(Map.of("text", "2**3 is **8**", "client_message_id", "p1"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(201);
        await(() -> Fakes.sentTo(chat).size() == 2);

        JsonNode answer = Fakes.sentTo(chat).getFirst().body();
        assertThat(answer.path("text").asText()).isEqualTo("You said: \uD83D\uDE00 bold x");
        assertThat(answer.path("entities").toString())
                .isEqualTo("[{\"type\":\"bold\",\"offset\":13,\"length\":4},"
                        + "{\"type\":\"text_link\",\"offset\":18,\"length\":1,\"url\":\"https://x.example/a_b\"}]");
        assertThat(answer.has("parse_mode")).isFalse();
        JsonNode typed = Fakes.sentTo(chat).get(1).body();
        assertThat(typed.path("text").asText()).isEqualTo("2**3 is **8**");
        assertThat(typed.has("entities")).isFalse();
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.text", hasItem("You said: \uD83D\uDE00 **bold** [x](https://x.example/a_b)"));
    }

    @Test
    void withoutTheSecretNothingIsStored() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String body = message(1, chat("1"), 1, "let me in");

        assertThat(update(account, null, body).statusCode()).isEqualTo(401);
        assertThat(update(account, "wrong", body).statusCode()).isEqualTo(401);
        assertThat(update(account, "s3cret2", body).statusCode()).isEqualTo(401);
        assertThat(update(account, "s3cret", "{").statusCode()).isEqualTo(400);
        assertThat(update(UUID.randomUUID().toString(), "s3cret", body).statusCode())
                .as("nobody is told which accounts there are")
                .isEqualTo(401);
        assertThat(count("select count(*) from app.inbound_event where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void whatNobodyAnswersIsStoredAndAccepted() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");

        assertThat(update(account, "s3cret", "{\"update_id\":9,\"my_chat_member\":{\"x\":1}}")
                        .statusCode())
                .isEqualTo(200);

        assertThat(text("select kind || ' ' || raw from app.inbound_event where tenant_id = '" + tenant + "'"))
                .isEqualTo("my_chat_member {\"update_id\":9,\"my_chat_member\":{\"x\":1}}");
        assertThat(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void messagesOfAChatOneAfterTheOtherAreAnsweredInTheirOrderAtTheMessengersPace() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("2");

        for (int i = 1; i <= 3; i++) {
            int sent = i;
            update(account, "s3cret", message(i, chat, i, "m" + i));
            await(() -> Fakes.sentTo(chat).size() == sent);
        }

        assertThat(textsTo(chat)).containsExactly("You said: m1", "You said: m2", "You said: m3");
        assertThat(count(
                        "select count(*) from app.operation where state = 'ANSWERED' and tenant_id = '" + tenant + "'"))
                .isEqualTo(3);
    }

    @Test
    void twentyFastMessagesOfAChatAreOneBurstWithOneAnswer() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("22");

        long from = System.nanoTime();
        IntStream.rangeClosed(1, 20).forEach(i -> update(account, "s3cret", message(i, chat, i, "m" + i)));
        long took = Duration.ofNanos(System.nanoTime() - from).toMillis();

        await(() -> allEnded(tenant) && !Fakes.sentTo(chat).isEmpty());
        assertThat(String.join("\n", textsTo(chat)).replace("You said: ", ""))
                .as("nothing lost, nothing doubled, in order, however the burst was cut")
                .isEqualTo(lines(20));
        assertThat(textsTo(chat)).as("an answer needs a quiet window of 300 ms").hasSizeLessThanOrEqualTo((int)
                Math.max(2, 1 + took / 300));
        assertThat(count("select count(*) from app.operation where state in ('ANSWERED', 'MERGED') and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(20);
    }

    @Test
    void messagesThatArriveInDisorderWhileTheAgentIsAwayAreAnsweredInTheVendorsOrder() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("3");
        Fakes.AGENT_AWAY.add(tenant.toString());
        List<Integer> order =
                new ArrayList<>(IntStream.rangeClosed(1, 8).boxed().toList());
        Collections.shuffle(order, new Random(3));

        order.forEach(i -> update(account, "s3cret", message(i, chat, i, "m" + i)));
        await(() ->
                count("select coalesce(sum(attempts), 0) from app.operation where tenant_id = '" + tenant + "'") > 1);
        Fakes.AGENT_AWAY.remove(tenant.toString());

        await(Duration.ofSeconds(25), () -> Fakes.sentTo(chat).size() == 1);
        assertThat(textsTo(chat)).containsExactly("You said: " + lines(8));
        assertThat(text("select string_agg(state || n, ' ' order by state) from (select state, count(*) as n from"
                        + " app.operation where tenant_id = '" + tenant + "' group by state) s"))
                .isEqualTo("ANSWERED1 MERGED7");
    }

    @Test
    void aLongReplyIsSentInPartsInOrder() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "talkative");
        String chat = chat("4");

        update(account, "s3cret", message(1, chat, 1, "tell me all"));

        await(() -> Fakes.sentTo(chat).size() == 3);
        List<String> parts = Fakes.sentTo(chat).stream()
                .map(call -> call.body().path("text").asText())
                .toList();
        assertThat(parts).allMatch(part -> part.length() <= 4000);
        assertThat(String.join(" ", parts)).isEqualTo("word ".repeat(1700).strip());
    }

    @Test
    void aBusyMessengerIsAskedAgainWhenItSaidSo() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("5");
        Fakes.BUSY_CHATS.add(chat);

        update(account, "s3cret", message(1, chat, 1, "hi"));

        await(() -> Fakes.sentTo(chat).size() == 2);
        assertThat(Duration.between(
                        Fakes.sentTo(chat).get(0).at(),
                        Fakes.sentTo(chat).get(1).at()))
                .isGreaterThan(Duration.ofMillis(990));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
    }

    @Test
    void aSendWithoutAnAnswerIsAmbiguousAndNeverSentAgain() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("99");

        update(account, "s3cret", message(1, chat, 1, "hi"));

        await(() -> "AMBIGUOUS".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        update(account, "s3cret", message(2, chat, 2, "are you there?"));
        await(() ->
                count("select count(*) from app.send_intent where state = 'AMBIGUOUS' and tenant_id = '" + tenant + "'")
                        == 2);
        assertThat(Fakes.sentTo(chat)).hasSize(2);
    }

    @Test
    void aBlockedBotFailsAndSaysSo() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("66");

        update(account, "s3cret", message(1, chat, 1, "hi"));

        await(() -> "FAILED".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(text("select last_error from app.send_intent where tenant_id = '" + tenant + "'"))
                .contains("blocked");
        assertThat(Fakes.sentTo(chat)).hasSize(1);
    }

    @Test
    void whatADeadSenderLeftIsSentOrAmbiguous() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("7");
        update(account, "s3cret", message(1, chat, 1, "hi"));
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));

        execute(
                "update app.send_intent set state = 'PENDING', provider_message_id = null, due_at = now() - interval '1 minute' where tenant_id = '"
                        + tenant + "'");
        await(() -> Fakes.sentTo(chat).size() == 2);
        await(() -> "SENT".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));

        execute(
                "update app.send_intent set state = 'SENDING', provider_message_id = null, lease_until = now() - interval '1 second' where tenant_id = '"
                        + tenant + "'");
        await(() -> "AMBIGUOUS".equals(text("select state from app.send_intent where tenant_id = '" + tenant + "'")));
        assertThat(Fakes.sentTo(chat)).hasSize(2);
    }

    @Test
    void aRefusedMessageIsMarkedAndNothingIsSent() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "broke");
        String chat = chat("8");

        update(account, "s3cret", message(1, chat, 1, "hi"));

        await(() -> "REFUSED".equals(text("select state from app.operation where tenant_id = '" + tenant + "'")));
        assertThat(Fakes.sentTo(chat)).isEmpty();
    }

    @Test
    void anEditChangesWhatNobodyAnsweredYetAndAGroupThatMovesKeepsItsConversation() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = "-" + chat("5");
        String moved = "-100" + chat.substring(1);
        Fakes.AGENT_AWAY.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "First"));
        update(account, "s3cret", message(2, chat, 2, "Helo"));
        AtomicInteger edits = new AtomicInteger(100);
        // What an attempt is being made to answer stays as it is; every attempt fails soon, as the agent is away.
        await(() -> {
            String edited =
                    message(edits.incrementAndGet(), chat, 2, "Hello").replace("\"message\"", "\"edited_message\"");
            assertThat(update(account, "s3cret", edited).statusCode()).isEqualTo(200);
            assertThat(update(account, "s3cret", edited).statusCode()).isEqualTo(200);
            return "First,Hello"
                    .equals(text("select string_agg(text, ',' order by seq) from app.message where part = 0"
                            + " and tenant_id = '" + tenant + "'"));
        });

        update(account, "s3cret", message(4, chat, 3, "").replace("\"text\":\"\"", "\"migrate_to_chat_id\":" + moved));
        update(account, "s3cret", message(5, moved, 9, "Still there?"));
        Fakes.AGENT_AWAY.remove(tenant.toString());

        await(() -> Fakes.sentTo(moved).size() == 1);
        assertThat(textsTo(moved).getFirst().substring("You said: ".length()).split("\n"))
                .as("the group's new messages are numbered anew")
                .containsExactlyInAnyOrder("First", "Hello", "Still there?");
        assertThat(count("select count(*) from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aPressedButtonIsAnswered() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("6");

        update(account, "s3cret", """
                {"update_id":1,"callback_query":{"id":"9%s","from":{"id":%s,"first_name":"Ana"},"data":"a:1",
                 "message":{"message_id":5,"date":1,"chat":{"id":%s,"type":"private"},
                  "reply_markup":{"inline_keyboard":[[{"text":"Track it","callback_data":"a:1"}]]}}}}
                """.formatted(chat, chat, chat));

        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(Fakes.sentTo(chat).getFirst().body().path("text").asText()).isEqualTo("You said: Track it");
        await(() -> Fakes.TELEGRAM.stream()
                .filter(call -> call.method().equals("answerCallbackQuery"))
                .anyMatch(call -> call.body().path("callback_query_id").asText().equals("9" + chat)));
    }

    @Test
    void theTestButtonSaysWhatIsWrong() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");

        admin(tenant)
                .post("/api/v1/channels/" + account + "/test")
                .then()
                .statusCode(200)
                .body("checks.name", contains("credentials", "webhook", "deliveries", "plan"))
                .body("ok", equalTo(true))
                .body(not(containsString(Fakes.BOT_TOKEN)));
        ((ObjectNode) Fakes.TELEGRAM_WEBHOOK.get()).putArray("allowed_updates").add("message");
        admin(tenant)
                .post("/api/v1/channels/" + account + "/test")
                .then()
                .body("ok", equalTo(false))
                .body("checks[1].detail", containsString("not their changes and pressed buttons"));
        telegram(newTenant(), "concierge");
        admin(tenant)
                .post("/api/v1/channels/" + account + "/test")
                .then()
                .body("checks.ok", contains(true, false, true, true))
                .body("checks[1].detail", equalTo("Telegram delivers to another address."));
        long before = deletions();
        admin(tenant).delete("/api/v1/channels/" + account).then().statusCode(204);
        assertThat(deletions()).as("that address is not ours to end").isEqualTo(before);
        account = telegram(tenant, "concierge");
        member(tenant).post("/api/v1/channels/" + account + "/test").then().statusCode(403);
        admin(newTenant()).post("/api/v1/channels/" + account + "/test").then().statusCode(404);
    }

    @Test
    void observedSignaturesAreTakenAndCountedUntilTheyAreEnforced() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("3");
        admin(tenant)
                .body(Map.of("signature_mode", "observe"))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200)
                .body("signature_mode", equalTo("observe"))
                .body("observe_until", startsWith("20"))
                .body("would_be_refused", equalTo(0));

        await(() -> update(account, "wrong", message(1, chat, 1, "hi")).statusCode() == 200);
        update(account, null, message(2, chat, 2, "hi"));
        update(account, "s3cret", message(3, chat, 3, "hi"));

        admin(tenant).get("/api/v1/channels").then().body("items[0].would_be_refused", equalTo(2));
        admin(tenant)
                .post("/api/v1/channels/" + account + "/test")
                .then()
                .body("checks.find { it.name == 'signatures' }.ok", equalTo(false));
        admin(tenant)
                .body(Map.of("signature_mode", "enforce"))
                .patch("/api/v1/channels/" + account)
                .then()
                .body("would_be_refused", equalTo(0));
        await(() -> update(account, "wrong", message(4, chat, 4, "hi")).statusCode() == 401);
    }

    @Test
    void whoCannotProveToBeTelegramChangesNothingAndNotForLong() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = "-" + chat("3");
        Fakes.AGENT_AWAY.add(tenant.toString());
        update(account, "s3cret", message(1, chat, 1, "hi"));
        admin(tenant)
                .body(Map.of("signature_mode", "observe"))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200);
        String move = message(2, chat, 2, "").replace("\"text\":\"\"", "\"migrate_to_chat_id\":-666");
        String edit = message(3, chat, 1, "forged").replace("\"message\"", "\"edited_message\"");

        await(() -> update(account, "wrong", move).statusCode() == 200);
        assertThat(update(account, null, edit).statusCode()).isEqualTo(200);

        assertThat(text("select string_agg(kind, ' ' order by event_id) from app.inbound_event where tenant_id = '"
                        + tenant + "'"))
                .isEqualTo("message unverified-message unverified-edited_message");
        assertThat(text("select recipient from app.conversation where tenant_id = '" + tenant + "'"))
                .isEqualTo(chat);
        assertThat(text("select text from app.message where tenant_id = '" + tenant + "'"))
                .isEqualTo("hi");
        execute("update app.channel_account set observe_until = now() where id = '" + account + "'");
        await(() -> update(account, "wrong", move).statusCode() == 401);
        admin(tenant)
                .get("/api/v1/channels")
                .then()
                .body("items[0].signature_mode", equalTo("enforce"))
                .body("items[0].observe_until", nullValue());
        Fakes.AGENT_AWAY.remove(tenant.toString());
    }

    @Test
    void anObservedChannelTakesSixtyUnprovenCallsAMinute() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        admin(tenant).body(Map.of("signature_mode", "observe")).patch("/api/v1/channels/" + account);
        String other = "{\"update_id\":%d,\"poll\":{}}";
        await(() -> update(account, "wrong", other.formatted(0)).statusCode() == 200);

        List<Integer> answers = IntStream.rangeClosed(1, 60)
                .mapToObj(i -> update(account, "wrong", other.formatted(i)).statusCode())
                .toList();

        assertThat(answers.subList(0, 59)).containsOnly(200);
        assertThat(answers.getLast()).isEqualTo(401);
        assertThat(update(account, "s3cret", other.formatted(99)).statusCode()).isEqualTo(200);
    }

    @Test
    void aRotationKeepsTheSecretBeforeUntilItIsRevokedAndNobodysChangeIsLost() throws Exception {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String other = "{\"update_id\":%d,\"poll\":{}}";
        patch(tenant, account, Map.of("credentials", Map.of("secret_token", "second")))
                .statusCode(200);
        patch(tenant, account, Map.of("credentials", Map.of("bot_token", Fakes.BOT_TOKEN)))
                .statusCode(200);
        await(() -> update(account, "second", other.formatted(1)).statusCode() == 200);
        assertThat(update(account, "s3cret", other.formatted(2)).statusCode())
                .as("what signs nothing was given again, so the secret before is still the one before")
                .isEqualTo(200);

        patch(tenant, account, Map.of("previous_credentials", "revoke"))
                .statusCode(200)
                .body("previous_credentials_until", nullValue());
        await(() -> update(account, "s3cret", other.formatted(3)).statusCode() == 401);
        assertThat(text("select previous_credentials is null from app.channel_account where id = '" + account + "'"))
                .isEqualTo("t");

        patch(tenant, account, Map.of("credentials", Map.of("secret_token", "third")))
                .statusCode(200);
        execute("update app.channel_account set previous_until = now() - interval '1 second' where id = '" + account
                + "'");
        await(() -> "t"
                .equals(text(
                        "select previous_credentials is null from app.channel_account where id = '" + account + "'")));

        CountDownLatch gate = new CountDownLatch(1);
        Fakes.IDENTIFICATION.set(gate);
        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(
                () -> patch(tenant, account, Map.of("credentials", Map.of("secret_token", "slow")))
                        .extract()
                        .statusCode());
        await(() -> Fakes.IDENTIFICATION.get() == null);
        patch(tenant, account, Map.of("name", "Renamed")).statusCode(200);
        patch(tenant, account, Map.of("credentials", Map.of("secret_token", "quick")))
                .statusCode(200);
        gate.countDown();
        assertThat(slow.get()).isEqualTo(409);
        await(() -> update(account, "quick", other.formatted(4)).statusCode() == 200);
        assertThat(update(account, "slow", other.formatted(5)).statusCode()).isEqualTo(401);
        admin(tenant).get("/api/v1/channels").then().body("items[0].name", equalTo("Renamed"));
    }

    private static io.restassured.response.ValidatableResponse patch(
            TenantId tenant, String account, Map<String, Object> change) {
        return admin(tenant).body(change).patch("/api/v1/channels/" + account).then();
    }

    @Test
    void aChannelIsPausedChangedAndDisconnected() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("9000");

        admin(tenant)
                .body(Map.of("status", "paused", "name", "Night"))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200)
                .body("status", equalTo("paused"))
                .body("name", equalTo("Night"));
        assertThat(update(account, "s3cret", message(1, chat, 1, "hi")).statusCode())
                .isEqualTo(200);
        assertThat(text("select state || '/' || problem_code from app.operation where tenant_id = '" + tenant + "'"))
                .as("taken, and never answered")
                .isEqualTo("REFUSED/CHANNEL_PAUSED");
        admin(tenant)
                .body(Map.of(
                        "credentials", Map.of("bot_token", Fakes.BOT_TOKEN, "secret_token", "n3w"), "status", "active"))
                .patch("/api/v1/channels/" + account)
                .then()
                .statusCode(200);
        assertThat(update(account, "s3cret", message(2, chat, 2, "hi")).statusCode())
                .as("the secret before is good for another day")
                .isEqualTo(200);
        assertThat(update(account, "n3w", message(3, chat, 3, "hi")).statusCode())
                .isEqualTo(200);
        await(() -> String.join("\n", textsTo(chat)).replace("You said: ", "").equals("hi\nhi"));
        execute("update app.channel_account set previous_until = now() - interval '1 second' where id = '" + account
                + "'");
        await(() -> update(account, "s3cret", message(5, chat, 5, "hi")).statusCode() == 401);
        assertThat(update(account, "s3cret3", message(6, chat, 6, "hi")).statusCode())
                .isEqualTo(401);
        admin(tenant).delete("/api/v1/channels/" + account).then().statusCode(204);
        assertThat(update(account, "n3w", message(4, chat, 4, "hi")).statusCode())
                .isEqualTo(401);
        assertThat(Fakes.TELEGRAM.stream().map(Fakes.Call::method)).contains("deleteWebhook");
        admin(tenant).delete("/api/v1/channels/" + account).then().statusCode(404);
        telegram(tenant, "concierge");
    }

    private static long deletions() {
        return Fakes.TELEGRAM.stream()
                .filter(call -> call.method().equals("deleteWebhook"))
                .count();
    }

    private static boolean allEnded(TenantId tenant) {
        return count("select count(*) from app.operation where state in ('QUEUED', 'RUNNING') and tenant_id = '"
                                + tenant + "'")
                        == 0
                && count("select count(*) from app.send_intent where state in ('PENDING', 'SENDING') and tenant_id = '"
                                + tenant + "'")
                        == 0;
    }

    private static List<String> textsTo(String chat) {
        return Fakes.sentTo(chat).stream()
                .map(call -> call.body().path("text").asText())
                .toList();
    }

    private static String lines(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> "m" + i).collect(Collectors.joining("\n"));
    }

    private static Map<String, Object> channel(String token, String agent) {
        return Map.of("type", "telegram", "name", "Bot", "agent", agent, "credentials", Map.of("bot_token", token));
    }

    private static void refused(TenantId tenant, Map<String, Object> body, int status, String code) {
        admin(tenant)
                .body(body)
                .post("/api/v1/channels")
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }
}
