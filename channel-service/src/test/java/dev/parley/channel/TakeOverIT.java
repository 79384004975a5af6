package dev.parley.channel;

import static dev.parley.channel.Channel.admin;
import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.handBack;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** People take over conversations whose customers wait for the answer: on the web, in an app, over the API. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class TakeOverIT {
    @Test
    void whileAPersonHasAConversationItsCustomerIsNotAnsweredByTheBot() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "hello").statusCode(201);

        takeOver(tenant, conversation)
                .then()
                .statusCode(200)
                .body("owner", equalTo("staff"))
                .body("assigned_to", equalTo("admin-" + tenant))
                .body("epoch", equalTo(1));
        String held = send(tenant, conversation, "I am angry", "c2")
                .statusCode(202)
                .body("state", equalTo("held_by_staff"))
                .body("message.status", equalTo("held_by_staff"))
                .body("message.text", equalTo("I am angry"))
                .body("reply", nullValue())
                .body("usage", nullValue())
                .extract()
                .path("message.id");
        send(tenant, conversation, "I am angry", "c2").statusCode(202).body("message.id", equalTo(held));
        send(tenant, conversation, "I am calm", "c2").statusCode(422).body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        assertThat(streamed(tenant, conversation, "and?"))
                .startsWith("event: held\ndata: {")
                .contains("\"and?\"");
        String said = say(tenant, conversation, "Sorry, I look into it", "s1")
                .statusCode(201)
                .body("message.role", equalTo("staff"))
                .body("message.status", nullValue())
                .extract()
                .path("message.id");
        String operation = say(tenant, conversation, "Sorry, I look into it", "s1")
                .statusCode(201)
                .body("message.id", equalTo(said))
                .extract()
                .path("operation_id");
        assertThat(Fakes.SETTLEMENTS.get(operation).toString()).isEqualTo("{\"message\":1}");
        say(tenant, conversation, "I am angry", "c2").statusCode(422).body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        send(tenant, conversation, "Sorry, I look into it", "s1")
                .statusCode(422)
                .body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        assertThat(told(tenant))
                .as("what screens and apps are told")
                .containsExactly("sent", "taken-over", "received", "received", "sent");
        admin(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200)
                .body("owner", equalTo("bot"))
                .body("epoch", equalTo(2));

        send(tenant, conversation, "thanks").statusCode(201).body("reply.text", equalTo("You said: thanks"));

        assertThat(prompt(conversation, "thanks"))
                .as("the agent hears what was said meanwhile")
                .containsExactly("hello", "You said: hello", "I am angry\nand?", "Sorry, I look into it", "thanks");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.role", contains("assistant", "user", "staff", "user", "user", "assistant", "user"))
                .body("items[3].status", equalTo("held_by_staff"));
        assertThat(prompts(conversation)).isEqualTo(2);
        send(tenant, conversation, "I am angry", "c2")
                .statusCode(202)
                .body("message.id", equalTo(held))
                .body("state", equalTo("held_by_staff"));
    }

    @Test
    void anAnswerThatWasBeingMadeIsNeitherStoredNorChargedAsAMessage() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "patient");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> asked = threads.submit(() -> post(tenant, conversation, "hello", "c1"));
            await(() -> prompts(conversation) == 1);

            takeOver(tenant, conversation).then().statusCode(200);
            gate.countDown();

            asked.get()
                    .then()
                    .statusCode(202)
                    .body("state", equalTo("held_by_staff"))
                    .body("message.client_message_id", equalTo("c1"));
        }
        String operation = text("select operation_id from app.message where conversation_id = '" + conversation + "'");
        assertThat(text("select state || ' ' || (run_id is not null) from app.operation where id = '" + operation
                        + "'"))
                .isEqualTo("HELD_BY_STAFF true");
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asInt(-1)).isZero();
        assertThat(Fakes.SETTLEMENTS.get(operation).path("llm.input_tokens").asInt())
                .isEqualTo(11);
        assertThat(answers(conversation)).isZero();
        assertThat(told(tenant)).containsExactly("taken-over");
    }

    @Test
    void aStreamEndsWhenAPersonTakesOver() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "held");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> asked = threads.submit(() -> streamed(tenant, conversation, "live"));
            await(() -> prompts(conversation) == 1);

            takeOver(tenant, conversation).then().statusCode(200);

            // while the agent still writes
            String events = asked.get(50, TimeUnit.SECONDS);
            gate.countDown();
            assertThat(events).startsWith("event: delta\ndata: {\"text\":\"You sai\"}\n\n");
            assertThat(events.substring(events.lastIndexOf("event: ")))
                    .startsWith("event: held\ndata: {\"message\":{")
                    .contains("\"state\":\"held_by_staff\"");
            assertThat(events).doesNotContain("event: message").doesNotContain("event: problem");
        }
        String operation = text("select operation_id from app.message where conversation_id = '" + conversation + "'");
        await(() -> Fakes.SETTLEMENTS.containsKey(operation));
        assertThat(Fakes.SETTLEMENTS.get(operation).path("message").asInt(-1)).isZero();
        assertThat(answers(conversation)).isZero();
    }

    @Test
    void whoeverIsFirstTheOtherKnows() throws Exception {
        TenantId tenant = newTenant();
        List<String> conversations = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> asked = new ArrayList<>();
            List<Future<Integer>> taken = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                String conversation = conversation(tenant, "concierge");
                conversations.add(conversation);
                long later = i * i * 2L;
                asked.add(threads.submit(
                        () -> post(tenant, conversation, "hello", "c1").statusCode()));
                taken.add(threads.submit(() -> {
                    TimeUnit.MILLISECONDS.sleep(later);
                    return takeOver(tenant, conversation).statusCode();
                }));
            }
            for (int i = 0; i < asked.size(); i++) {
                int status = asked.get(i).get();
                assertThat(status).isIn(201, 202);
                assertThat(answers(conversations.get(i))).isEqualTo(status == 201 ? 1 : 0);
                assertThat(taken.get(i).get()).isEqualTo(200);
            }
        }
        for (String conversation : conversations) {
            String operation =
                    text("select operation_id from app.message where conversation_id = '" + conversation + "'");
            boolean settled = Fakes.SETTLEMENTS.containsKey(operation);
            assertThat(
                            settled
                                    ? Fakes.SETTLEMENTS
                                            .get(operation)
                                            .path("message")
                                            .asLong()
                                    : 0)
                    .as("a message is paid for an answer, and for nothing else")
                    .isEqualTo(answers(conversation));
        }
    }

    @Test
    void anAnswerOfAnOlderEpochIsNotStored() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "patient");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> asked = threads.submit(() -> post(tenant, conversation, "hello", "c1"));
            await(() -> prompts(conversation) == 1);
            takeOver(tenant, conversation).then().statusCode(200);
            assertThat(state(conversation)).isEqualTo("HELD_BY_STAFF");
            execute("update app.conversation set owner_until = now() - interval '1 second' where id = '" + conversation
                    + "'");
            await(() -> state(conversation).equals("QUEUED"));

            gate.countDown();

            asked.get().then().statusCode(409).body("code", equalTo("MESSAGE_SUPERSEDED"));
        }
        await(() -> answers(conversation) == 1);
        List<String> operations = Channel.operations(tenant);
        assertThat(operations).hasSize(2);
        assertThat(text("select operation_id from app.message where role = 'assistant' and conversation_id = '"
                        + conversation + "'"))
                .isEqualTo(operations.getLast());
        await(() -> Fakes.SETTLEMENTS.containsKey(operations.getLast()));
        assertThat(Fakes.SETTLEMENTS.get(operations.getFirst()).path("message").asInt(-1))
                .isZero();
        assertThat(Fakes.SETTLEMENTS.get(operations.getLast()).path("message").asInt())
                .isEqualTo(1);
        post(tenant, conversation, "hello", "c1").then().statusCode(201).body("reply.text", equalTo("You said: hello"));
    }

    @Test
    void whatNobodyWaitsForWaitsForItsModel() {
        TenantId tenant = newTenant();
        String conversation = unanswered(tenant);
        Fakes.MODEL_AWAY.add(tenant.toString());
        handBack(tenant, conversation);
        await(() -> prompts(conversation) >= 2);
        await(() ->
                count("select count(*) from app.conversation where turn_until <= now() and id = '" + conversation + "'")
                        == 1);

        Fakes.MODEL_AWAY.remove(tenant.toString());

        await(() -> answers(conversation) == 2);
        assertThat(state(conversation)).isEqualTo("ANSWERED");
        assertThat(told(tenant))
                .containsExactly("sent", "handoff-requested", "received", "handed-back", "sent", "handoff-requested");
    }

    @Test
    void whoWritesMeanwhileIsAnsweredForBoth() {
        TenantId tenant = newTenant();
        String conversation = unanswered(tenant);
        Fakes.MODEL_AWAY.add(tenant.toString());
        handBack(tenant, conversation);
        await(() -> prompts(conversation) >= 2);
        await(() ->
                count("select count(*) from app.conversation where turn_until <= now() and id = '" + conversation + "'")
                        == 1);
        await(() -> {
            execute("update app.operation set due_at = now() + interval '1 hour' where state = 'QUEUED'"
                    + " and conversation_id = '" + conversation + "'");
            return count("select count(*) from app.operation where state = 'QUEUED' and due_at > now() + interval"
                            + " '30 minutes' and conversation_id = '" + conversation + "'")
                    == 1;
        });
        long before = prompts(conversation);
        Fakes.MODEL_AWAY.remove(tenant.toString());

        send(tenant, conversation, "me too").statusCode(201).body("reply.text", equalTo("You said: me too"));

        assertThat(prompt(conversation, "me too")).containsExactly("hello", "You said: hello", "anybody?", "me too");
        assertThat(Channel.states(tenant)).isEqualTo("ANSWERED HELD_BY_STAFF MERGED ANSWERED");
        execute("update app.operation set due_at = now() where conversation_id = '" + conversation + "'");
        Channel.pause(Duration.ofMillis(500));
        assertThat(answers(conversation)).isEqualTo(2);
        assertThat(prompts(conversation)).isEqualTo(before + 1);
    }

    @Test
    void whatGoesWrongWithNobodyWaitingIsTold() {
        TenantId tenant = newTenant();
        String conversation = unanswered(tenant);
        Fakes.MODEL_REFUSES.add(tenant.toString());

        handBack(tenant, conversation);

        await(() -> state(conversation).equals("FAILED"));
        Fakes.MODEL_REFUSES.remove(tenant.toString());
        assertThat(told(tenant)).containsExactly("sent", "handoff-requested", "received", "handed-back", "failed");
    }

    @Test
    void whatAnAttemptWasChargedThatAPersonEndedIsNotChargedAgain() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "patient");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        String first;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Response> asked = threads.submit(() -> post(tenant, conversation, "hello", "c1"));
            await(() -> prompts(conversation) == 1);
            takeOver(tenant, conversation).then().statusCode(200);
            gate.countDown();
            asked.get();
            first = Channel.operations(tenant).getFirst();
            await(() ->
                    count("select count(*) from app.operation where settled_at is not null and id = '" + first + "'")
                            == 1);
        }
        // As if the replica had died, and the agent's usage event had charged the message.
        execute("update app.operation set settled_at = null where id = '" + first + "'");
        Fakes.SETTLEMENTS.put(first, Fakes.JSON.createObjectNode().put("message", 1));

        execute("update app.conversation set owner_until = now() - interval '1 second' where id = '" + conversation
                + "'");

        await(() -> answers(conversation) == 1);
        String second = Channel.operations(tenant).getLast();
        assertThat(Fakes.SETTLEMENTS.get(second).path("message").asInt(-1)).isZero();
        assertThat(Fakes.SETTLEMENTS.get(second).path("llm.input_tokens").asInt())
                .isEqualTo(11);
    }

    @Test
    void anAgentThatAsksForAPersonHasTheConversationWait() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "helpless");

        send(tenant, conversation, "hello").statusCode(201).body("reply.text", equalTo("You said: hello"));

        member(tenant)
                .get("/api/v1/conversations?status=waiting")
                .then()
                .body("items.id", contains(conversation))
                .body("items[0].handoff.reason", equalTo("a refund"))
                .body("items[0].handoff.summary", equalTo("Ana wants her money back"));
        send(tenant, conversation, "hello?").statusCode(202).body("state", equalTo("held_by_staff"));
        send(tenant, conversation, "anybody?").statusCode(202);
        assertThat(prompts(conversation)).isEqualTo(1);
        assertThat(told(tenant)).containsExactly("sent", "handoff-requested", "received", "received");

        admin(tenant)
                .post("/api/v1/conversations/" + conversation + "/handback")
                .then()
                .statusCode(200)
                .body("owner", equalTo("bot"));

        await(() -> answers(conversation) == 2);
        assertThat(prompt(conversation, "anybody?"))
                .as("what nobody answered the bot does, once")
                .containsExactly("hello", "You said: hello", "hello?", "anybody?");
        assertThat(prompts(conversation)).isEqualTo(2);
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("waiting"));
    }

    @Test
    void whoForgetsTheConversationGivesItBackWithTheNextMessage() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        takeOver(tenant, conversation).then().statusCode(200);

        execute("update app.conversation set owner_until = now() where id = '" + conversation + "'");

        send(tenant, conversation, "still there?").statusCode(201);
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("bot"));
        assertThat(count("select epoch from app.conversation where id = '" + conversation + "'"))
                .isEqualTo(2);
    }

    @Test
    void whatFailedBeforeAPersonCameIsThatPersons() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        Fakes.MODEL_REFUSES.add(tenant.toString());
        send(tenant, conversation, "hello", "c1").statusCode(502);
        Fakes.MODEL_REFUSES.remove(tenant.toString());
        takeOver(tenant, conversation).then().statusCode(200);

        send(tenant, conversation, "hello", "c1").statusCode(202).body("state", equalTo("held_by_staff"));

        assertThat(answers(conversation)).isZero();
    }

    @Test
    void onlyWhoMaySpeaksAsAPersonAndNobodyInCompletions() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        String path = "/api/v1/conversations/" + conversation + "/messages";
        Map<String, String> request = Map.of("text", "buy now", "as", "staff");
        as(TestTokens.apiKey(tenant, "chat")).body(request).post(path).then().statusCode(403);
        as(TestTokens.member(newTenant(), "member"))
                .body(request)
                .post(path)
                .then()
                .statusCode(404);
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("bot");
        as(TestTokens.apiKey(tenant, "chat", "write"))
                .body(request)
                .post(path)
                .then()
                .statusCode(201);
        assertThat(text("select owner from app.conversation where id = '" + conversation + "'"))
                .isEqualTo("staff");

        as(TestTokens.apiKey(tenant, "chat"))
                .body(Map.of(
                        "model",
                        "concierge",
                        "user",
                        "ana",
                        "messages",
                        List.of(Map.of("role", "user", "content", "hello"))))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
        String kept = text("select id from app.conversation where channel = 'api' and tenant_id = '" + tenant + "'");
        takeOver(tenant, kept).then().statusCode(409).body("code", equalTo("CONVERSATION_KEPT_BY_CALLER"));
        say(tenant, kept, "hello", "s1").statusCode(409).body("code", equalTo("CONVERSATION_KEPT_BY_CALLER"));
        takeOver(tenant, UUID.randomUUID().toString()).then().statusCode(404);
    }

    /** A conversation that waits for a person, and in which the customer wrote once more; returns its id. */
    private static String unanswered(TenantId tenant) {
        String conversation = conversation(tenant, "helpless");
        send(tenant, conversation, "hello").statusCode(201);
        send(tenant, conversation, "anybody?").statusCode(202);
        return conversation;
    }

    private static Response takeOver(TenantId tenant, String conversation) {
        return admin(tenant).post("/api/v1/conversations/" + conversation + "/takeover");
    }

    private static io.restassured.response.ValidatableResponse say(
            TenantId tenant, String conversation, String text, String clientId) {
        return admin(tenant)
                .body(Map.of("text", text, "client_message_id", clientId, "as", "staff"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    private static Response post(TenantId tenant, String conversation, String text, String clientId) {
        return member(tenant)
                .body(Map.of("text", text, "client_message_id", clientId))
                .post("/api/v1/conversations/" + conversation + "/messages");
    }

    private static String streamed(TenantId tenant, String conversation, String text) {
        return member(tenant)
                .header("Accept", "text/event-stream")
                .body(Map.of("text", text))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    private static long answers(String conversation) {
        return count("select count(*) from app.message where role = 'assistant' and conversation_id = '" + conversation
                + "'");
    }

    private static String state(String conversation) {
        return text("select o.state from app.message m join app.operation o on o.id = m.operation_id"
                + " where m.part = 0 and m.conversation_id = '" + conversation + "' order by m.seq desc limit 1");
    }

    /** What happened to messages and conversations, in its order, as sockets are told. */
    private static List<String> told(TenantId tenant) {
        String types = text("select string_agg(type, ' ' order by xid, seq) from app.stream_event where tenant_id = '"
                + tenant + "'");
        return types == null
                ? List.of()
                : List.of(types.replaceAll("channel\\.(message|conversation)-", "")
                        .replace("channel.", "")
                        .replace(".v1", "")
                        .split(" "));
    }

    private static long prompts(String conversation) {
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("conversation_id").asText().equals(conversation))
                .count();
    }

    private static List<String> prompt(String conversation, String last) {
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("conversation_id").asText().equals(conversation))
                .map(run -> run.path("messages").findValuesAsText("content"))
                .filter(contents -> contents.getLast().equals(last))
                .findFirst()
                .orElseThrow();
    }
}
