package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.execute;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class MessageIT {
    @Test
    void whoPaysTheProviderItselfPaysForTheMessageAlone() {
        TenantId tenant = newTenant();

        String operation = send(tenant, conversation(tenant, "own-key"), "Hello")
                .statusCode(201)
                .extract()
                .path("operation_id");

        assertThat(Fakes.SETTLEMENTS.get(operation).toString()).isEqualTo("{\"message\":1}");
    }

    @Test
    void aMessageGetsItsReplyItsPriceAndItsOperation() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");

        String operation = send(tenant, conversation, "Hello", "m-1")
                .statusCode(201)
                .body("message.text", equalTo("Hello"))
                .body("message.role", equalTo("user"))
                .body("message.client_message_id", equalTo("m-1"))
                .body("message.at", notNullValue())
                .body("reply.id", notNullValue())
                .body("reply.text", equalTo("You said: Hello"))
                .body("reply.prompt_version", equalTo(7))
                .body("reply.prompt_version_id", equalTo(Fakes.PROMPT_VERSION))
                .body("reply.finish_reason", equalTo("stop"))
                .body("usage.credits", equalTo(3))
                .body("usage.input_tokens", equalTo(11))
                .body("usage.output_tokens", equalTo(5))
                .extract()
                .path("operation_id");

        assertThat(Fakes.HOLDS).containsEntry(operation, "SETTLED");
        assertThat(Fakes.DEBITS).containsEntry(operation, 1);
        assertThat(text("select state || ' ' || credits from app.operation where id = '" + operation + "'"))
                .isEqualTo("ANSWERED 3");
    }

    @Test
    void theHistoryGoesToTheAgentAndIsEstimatedForPolicy() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        send(tenant, conversation, "first").statusCode(201);

        String operation =
                send(tenant, conversation, "second").statusCode(201).extract().path("operation_id");

        JsonNode asked = asked(Fakes.RUN_REQUESTS, operation);
        assertThat(asked.path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"first\"},"
                        + "{\"role\":\"assistant\",\"content\":\"You said: first\"},"
                        + "{\"role\":\"user\",\"content\":\"second\"}]");
        assertThat(asked.path("limits").path("max_output_tokens").asInt()).isEqualTo(500);
        JsonNode decision = asked(Fakes.DECISIONS, operation);
        assertThat(decision.path("estimate").path("llm.input_tokens").asInt()).isEqualTo(9);
        assertThat(decision.path("estimate").path("message").asInt()).isEqualTo(1);
        assertThat(decision.path("channel").asText()).isEqualTo("web");
        assertThat(decision.path("user_id").asText()).isEqualTo("user-" + tenant);
    }

    @Test
    void textsAreFrom1To32000CharactersAndImagesAreImages() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");

        send(tenant, conversation, "").statusCode(422).body("errors[0].pointer", equalTo("/text"));
        send(tenant, conversation, " \n ").statusCode(422);
        send(tenant, conversation, "x".repeat(32_001)).statusCode(422).body("code", equalTo("VALIDATION_FAILED"));
        send(tenant, conversation, "x".repeat(100_000)).statusCode(422);
        post(tenant, conversation, "{\"text\":\"x\",\"role\":\"system\"}").statusCode(400);
        post(tenant, conversation, "{\"text\":7}").statusCode(400);
        post(tenant, conversation, "{\"text\":\"x\",\"attachments\":[{\"type\":\"image\"}]}")
                .statusCode(422)
                .body("code", equalTo("MESSAGE_NOT_VALID"));
        post(tenant, conversation, "{\"text\":\"x\",\"attachments\":[{\"type\":\"image\",\"data\":\"aGFsbG8=\"}]}")
                .statusCode(422);
        assertThat(Fakes.DECISIONS)
                .noneMatch(asked -> asked.path("hold").asBoolean()
                        && asked.path("user_id").asText().equals("user-" + tenant));
        assertThat(count("select count(*) from app.message where tenant_id = '" + tenant + "'"))
                .isZero();

        send(tenant, conversation, "x".repeat(32_000)).statusCode(201);
        post(tenant, conversation, "{\"text\":\"nul \\u0000 and \\ud800 alone\"}")
                .statusCode(201)
                .body("message.text", equalTo("nul \uFFFD and \uFFFD alone"));
        String operation = post(
                        tenant,
                        conversation,
                        "{\"text\":\"look\",\"attachments\":[{\"type\":\"image\",\"url\":\"https://x.example/cat.png\"}]}")
                .statusCode(201)
                .body("message.attachments[0].url", equalTo("https://x.example/cat.png"))
                .extract()
                .path("operation_id");
        JsonNode messages = asked(Fakes.RUN_REQUESTS, operation).path("messages");
        assertThat(messages.path(messages.size() - 1).path("content").toString())
                .contains("image_url", "https://x.example/cat.png", "look");
    }

    @Test
    void theSameMessageAgainGetsTheSameAnswerAndIsChargedOnce() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");

        String first = send(tenant, conversation, "Hello", "once")
                .statusCode(201)
                .extract()
                .asString();
        JsonNode again = json(send(tenant, conversation, "Hello", "once")
                .statusCode(201)
                .extract()
                .asString());

        assertThat(again.path("reply")).isEqualTo(json(first).path("reply"));
        assertThat(again.path("operation_id")).isEqualTo(json(first).path("operation_id"));
        assertThat(again.path("usage")).isEqualTo(json(first).path("usage"));
        assertThat(Fakes.providerCalls(again.path("operation_id").asText())).isEqualTo(1);
        assertThat(Fakes.DEBITS).containsEntry(again.path("operation_id").asText(), 1);
        send(tenant, conversation, "Something else", "once")
                .statusCode(422)
                .body("code", equalTo("CLIENT_MESSAGE_ID_REUSED"));
        assertThat(count("select count(*) from app.message where conversation_id = '" + conversation + "'"))
                .isEqualTo(2);
        assertThat(text("select turn_until <= now() or turn_operation = '"
                        + again.path("operation_id").asText() + "' from app.conversation where id = '" + conversation
                        + "'"))
                .as("what is refused takes nobody's turn")
                .isEqualTo("t");
        send(tenant, conversation, "And this?", "twice").statusCode(201);
    }

    @Test
    void twentyRepetitionsAtOnceAreOneMessage() throws Exception {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "slow");
        Callable<String> repetition = () -> send(tenant, conversation, "Hello", "burst")
                .statusCode(201)
                .extract()
                .path("reply.id");

        List<String> replies;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            replies = threads
                    .invokeAll(Stream.generate(() -> repetition).limit(20).toList())
                    .stream()
                    .map(MessageIT::get)
                    .toList();
        }

        assertThat(replies).hasSize(20).containsOnly(replies.getFirst());
        String operation = text(
                "select operation_id from app.message where part = 0 and conversation_id = '" + conversation + "'");
        assertThat(Fakes.DEBITS).containsEntry(operation, 1);
        assertThat(count("select count(*) from app.message where conversation_id = '" + conversation + "'"))
                .isEqualTo(2);
    }

    @Test
    void policysRefusalIsStoredAndNothingIsCalled() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "broke");

        send(tenant, conversation, "Hello", "poor")
                .statusCode(402)
                .body("code", equalTo("CREDITS_EXHAUSTED"))
                .body("type", equalTo("https://parley.dev/problems/credits-exhausted"))
                .body("policy.used", equalTo(990))
                .body("policy.held", equalTo(10))
                .body("policy.remaining", equalTo(0))
                .body("policy.resets_at", equalTo("2026-12-01T00:00:00Z"))
                .body("policy.decision_id", notNullValue());

        assertThat(Fakes.RUN_REQUESTS)
                .noneMatch(run -> run.path("conversation_id").asText().equals(conversation));
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items", hasSize(1))
                .body("items[0].status", equalTo("refused"));
    }

    @Test
    void aFailedRunGivesTheHoldBackAndTheMessageMayBeTriedAgain() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "broken");

        send(tenant, conversation, "Hello", "again").statusCode(502).body("code", equalTo("PROVIDER_FAILED"));

        String operation = text("select operation_id from app.message where conversation_id = '" + conversation + "'");
        assertThat(Fakes.HOLDS).containsEntry(operation, "RELEASED");
        assertThat(Fakes.DEBITS).doesNotContainKey(operation);
        assertThat(text("select state || ' ' || problem_code from app.operation where id = '" + operation + "'"))
                .isEqualTo("FAILED PROVIDER_FAILED");
        execute("update app.conversation set agent = 'concierge' where id = '" + conversation + "'");
        execute("update app.operation set agent = 'concierge' where id = '" + operation + "'");
        String second = send(tenant, conversation, "Hello", "again")
                .statusCode(201)
                .extract()
                .path("operation_id");
        assertThat(second).isNotEqualTo(operation);
        assertThat(count("select count(*) from app.message where conversation_id = '" + conversation + "'"))
                .isEqualTo(2);
    }

    /** Asks three times, and takes the quickest answer: the machine may stand still in any. */
    private static void isRefusedWithinASecond(Supplier<ValidatableResponse> sent) {
        assertThat(IntStream.range(0, 3)
                        .mapToLong(i -> sent.get()
                                .statusCode(503)
                                .header("Retry-After", notNullValue())
                                .extract()
                                .time())
                        .min()
                        .orElseThrow())
                .isLessThan(1000L);
    }

    @Test
    void anUnreachablePartIs503WithinASecond() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");

        Fakes.POLICY_AWAY.add(tenant.toString());
        isRefusedWithinASecond(() -> send(tenant, conversation, "Hello"));
        assertThat(Fakes.RUN_REQUESTS)
                .noneMatch(run -> run.path("conversation_id").asText().equals(conversation));
        Fakes.POLICY_AWAY.remove(tenant.toString());

        Fakes.AGENT_AWAY.add(tenant.toString());
        isRefusedWithinASecond(() -> send(tenant, conversation, "Hello", "away"));
        String operation = text("select operation_id from app.message where client_message_id = 'away'"
                + " and conversation_id = '" + conversation + "'");
        // The run may have happened: its operation and hold wait for the repetition, which buys nothing twice.
        assertThat(Fakes.HOLDS.get(operation)).isNotEqualTo("RELEASED");
        Fakes.AGENT_AWAY.remove(tenant.toString());

        send(tenant, conversation, "Hello", "away").statusCode(201).body("operation_id", equalTo(operation));
    }

    @Test
    void aLostSettlementDoesNotTakeTheReplyAway() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        Fakes.SETTLEMENT_AWAY.add(tenant.toString());

        send(tenant, conversation, "Hello")
                .statusCode(201)
                .body("reply.text", equalTo("You said: Hello"))
                .body("usage.credits", nullValue());
    }

    /** How far a process came before it was killed. */
    enum Died {
        STORED,
        HELD,
        RAN,
        SETTLED
    }

    @ParameterizedTest
    @EnumSource(Died.class)
    void aRepetitionResumesWhereTheProcessDied(Died died) {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        String operation = crashed(tenant, conversation, "resume", died);

        send(tenant, conversation, "Hello", "resume")
                .statusCode(201)
                .body("operation_id", equalTo(operation))
                .body("reply.text", equalTo("You said: Hello"))
                .body("usage.credits", equalTo(3));

        assertCharged(operation, died);
    }

    @Test
    void whatNobodyAsksForAgainIsFinishedAllTheSame() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");
        String operation = crashed(tenant, conversation, "sweep", Died.RAN);

        execute("update app.operation set due_at = now() - interval '1 second' where id = '" + operation + "'");

        await(() -> "ANSWERED".equals(text("select state from app.operation where id = '" + operation + "'")));
        assertCharged(operation, Died.RAN);
        send(tenant, conversation, "Hello", "sweep").statusCode(201).body("operation_id", equalTo(operation));
    }

    @Test
    void anIdempotencyKeyNamesAMessageToo() {
        TenantId tenant = newTenant();
        String conversation = conversation(tenant, "concierge");

        String first =
                keyed(tenant, conversation, "Hello").statusCode(201).extract().path("reply.id");

        keyed(tenant, conversation, "Hello").statusCode(201).body("reply.id", equalTo(first));
        keyed(tenant, conversation, "Other").statusCode(422);
    }

    private static io.restassured.response.ValidatableResponse keyed(
            TenantId tenant, String conversation, String text) {
        return member(tenant)
                .header("Idempotency-Key", "\"key-1\"")
                .body(Map.of("text", text))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    private static void assertCharged(String operation, Died died) {
        Fakes.awaitCharged(operation);
        assertThat(Fakes.providerCalls(operation)).isEqualTo(died == Died.STORED || died == Died.HELD ? 1 : 0);
        assertThat(count("select count(*) from app.message where part = 1 and operation_id = '" + operation + "'"))
                .isEqualTo(1);
    }

    /** Leaves the rows and the other services' memory as a process leaves them that was killed there. */
    private static String crashed(TenantId tenant, String conversation, String clientId, Died died) {
        String operation = Ids.next().toString();
        String message = Ids.next().toString();
        execute("""
                update app.conversation set last_seq = 1 where id = '%2$s';
                insert into app.message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                         client_message_id, created_by)
                values ('%1$s', '%3$s', '%2$s', 1, 0, 'user', 'Hello', '%4$s', '%5$s', 'user-%1$s');
                insert into app.operation (tenant_id, id, conversation_id, message_id, channel, agent, state, due_at, created_by)
                values ('%1$s', '%4$s', '%2$s', '%3$s', 'web', 'concierge', 'RUNNING', now() + interval '1 minute', 'user-%1$s');
                """.formatted(tenant, conversation, message, operation, clientId));
        if (died != Died.STORED) {
            Fakes.HOLDS.put(operation, died == Died.SETTLED ? "SETTLED" : "HELD");
        }
        if (died == Died.SETTLED) {
            Fakes.DEBITS.put(operation, 1);
        }
        if (died == Died.RAN || died == Died.SETTLED) {
            Fakes.RUNS.put(operation, Fakes.result("You said: Hello"));
        }
        return operation;
    }

    private static io.restassured.response.ValidatableResponse post(TenantId tenant, String conversation, String body) {
        return member(tenant)
                .body(body)
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then();
    }

    private static JsonNode asked(List<JsonNode> requests, String operation) {
        return requests.stream()
                .filter(request -> request.path("operation_id").asText().equals(operation))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode json(String text) {
        try {
            return Fakes.JSON.readTree(text);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
