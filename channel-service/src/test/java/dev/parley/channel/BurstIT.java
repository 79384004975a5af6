package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.count;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.operations;
import static dev.parley.channel.Channel.said;
import static dev.parley.channel.Channel.states;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.answer.AnswerFlow;
import dev.parley.channel.burst.NextTurnFlow;
import dev.parley.channel.delivery.Replica;
import dev.parley.channel.outbound.Deltas;
import dev.parley.channel.turn.Turn;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What a customer writes in pieces gets one answer and costs one message. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class BurstIT {
    @Inject
    NextTurnFlow nextTurns;

    @Inject
    AnswerFlow answers;

    @Test
    void piecesInAQuietWindowAreAnsweredOnceAndOnlyTheLastIsCharged() {
        String chat = chat("51");
        int tries = 1;
        TenantId tenant = newTenant();
        while (!cameTogether(tenant, chat)) {
            assertThat(tries++).as("tries to write three messages in 250 ms").isLessThan(20);
            tenant = newTenant();
            chat = chat("51" + tries);
        }
        isAnsweredOnce(tenant, chat);
    }

    /** Whether three pieces came well within the quiet window of 300 ms. */
    private static boolean cameTogether(TenantId tenant, String chat) {
        String account = telegram(tenant, "concierge");
        long from = System.nanoTime();
        update(account, "s3cret", message(1, chat, 1, "I want"));
        update(account, "s3cret", message(2, chat, 2, "a table"));
        update(account, "s3cret", message(3, chat, 3, "for two"));
        return Duration.ofNanos(System.nanoTime() - from).toMillis() < 250;
    }

    private static void isAnsweredOnce(TenantId tenant, String chat) {
        await(() -> Fakes.sentTo(chat).size() == 1);
        assertThat(said(chat)).containsExactly("You said: I want\na table\nfor two");
        assertThat(states(tenant)).isEqualTo("MERGED MERGED ANSWERED");
        List<String> operations = operations(tenant);
        assertThat(Fakes.DECISIONS.stream()
                        .map(decision -> decision.path("operation_id").asText())
                        .filter(operations::contains))
                .containsExactly(operations.getLast());
        Fakes.awaitCharged(operations.getLast());
        assertThat(Fakes.DEBITS.keySet()).doesNotContain(operations.get(0), operations.get(1));
        assertThat(text("select count(distinct merged_into) || ' ' || max(merged_into::text) from app.operation where"
                        + " state = 'MERGED' and tenant_id = '" + tenant + "'"))
                .isEqualTo("1 " + operations.getLast());
    }

    @Test
    void whatASenderSawIsNotSentWhenAMessageCameMeanwhile() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("50");
        Fakes.busy(chat, 60);
        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() ->
                count("select count(*) from app.send_intent where state = 'PENDING' and attempts = 1 and tenant_id = '"
                                + tenant + "'")
                        == 1);
        UUID conversation = UUID.fromString(text("select id from app.conversation where tenant_id = '" + tenant + "'"));

        assertThat(Replica.maySendAfter(
                        tenant, conversation, () -> update(account, "s3cret", message(2, chat, 2, "Two"))))
                .isFalse();
        await(() -> states(tenant).equals("MERGED ANSWERED"));
        assertThat(Replica.maySendAfter(tenant, conversation, () -> {})).isTrue();
    }

    /** As after a change of who reads a conversation's events: its turn is begun there too while the agent works. */
    @Test
    void aReplicaThatComesLateWithAnAnswerTakesNothingOfTheOthers() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("58");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));
        update(account, "s3cret", message(1, chat, 1, "Do you deliver?"));
        await(() -> asked(tenant) == 1);
        UUID conversation = UUID.fromString(text("select id from app.conversation where tenant_id = '" + tenant + "'"));
        AtomicReference<Turn> late = new AtomicReference<>();
        nextTurns.next(tenant, conversation, late::set);
        String operation = operations(tenant).getFirst();
        assertThat(late.get().operationId()).hasToString(operation);
        gate.countDown();
        await(() -> "ANSWERED 3"
                .equals(text("select state || ' ' || coalesce(credits, 0) from app.operation" + " where tenant_id = '"
                        + tenant + "'")));

        assertThatThrownBy(() -> answers.answer(late.get(), Deltas.NONE))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("MESSAGE_IN_PROGRESS");

        assertThat(text(
                        "select state || ' ' || coalesce(credits, 0) || ' ' || (settled_at is not null) from app.operation"
                                + " where tenant_id = '" + tenant + "'"))
                .isEqualTo("ANSWERED 3 true");
        assertThat(Fakes.messagesCharged(tenant)).containsExactly(1);
        assertThat(said(chat)).containsExactly("You said: Do you deliver?");
    }

    @Test
    void aMessageWhileTheAgentWorksTakesTheAnswersPlaceAndTheMessageIsChargedOnce() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("52");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));

        update(account, "s3cret", message(1, chat, 1, "Do you deliver?"));
        await(() -> asked(tenant) == 1);
        update(account, "s3cret", message(2, chat, 2, "To Pune?"));
        gate.countDown();

        await(() -> Fakes.sentTo(chat).size() == 1 && states(tenant).equals("MERGED ANSWERED"));
        assertThat(said(chat)).containsExactly("You said: Do you deliver?\nTo Pune?");
        List<String> operations = operations(tenant);
        operations.forEach(Fakes::awaitCharged);
        assertThat(Fakes.SETTLEMENTS.get(operations.get(0)).path("message").asInt())
                .isZero();
        assertThat(Fakes.SETTLEMENTS
                        .get(operations.get(0))
                        .path("llm.input_tokens")
                        .asInt())
                .isEqualTo(11);
        assertThat(Fakes.SETTLEMENTS.get(operations.get(1)).path("message").asInt())
                .isEqualTo(1);
    }

    @Test
    void anAnswerThatWasNotSentYetIsReplacedAndItsMessageIsNotPaidTwice() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("53");
        Fakes.busy(chat, 20);

        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() ->
                count("select count(*) from app.send_intent where state = 'PENDING' and attempts = 1 and tenant_id = '"
                                + tenant + "'")
                        == 1);
        update(account, "s3cret", message(2, chat, 2, "Two"));

        await(() ->
                states(tenant).equals("MERGED ANSWERED") && Fakes.sentTo(chat).size() == 2);
        assertThat(said(chat))
                .as("the first was refused as too fast")
                .containsExactly("You said: One", "You said: One\nTwo");
        assertThat(text("select string_agg(state, ' ' order by id) from app.send_intent where tenant_id = '" + tenant
                        + "'"))
                .startsWith("CANCELLED S");
        List<String> operations = operations(tenant);
        assertThat(Fakes.SETTLEMENTS.get(operations.get(0)).path("message").asInt())
                .isEqualTo(1);
        assertThat(Fakes.SETTLEMENTS.get(operations.get(1)).path("message").asInt())
                .isZero();
        await(() -> "SENT"
                .equals(text("select state from app.send_intent where operation_id = '" + operations.get(1) + "'")));

        update(account, "s3cret", message(3, chat, 3, "Three"));
        await(() -> Fakes.sentTo(chat).size() == 3);
        JsonNode prompt = Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("operation_id")
                        .asText()
                        .equals(operations(tenant).getLast()))
                .findFirst()
                .orElseThrow()
                .path("messages");
        assertThat(prompt.findValuesAsText("content"))
                .as("the agent hears of what was said, not of what was withdrawn")
                .containsExactly("One\nTwo", "You said: One\nTwo", "Three");
    }

    @Test
    void anAgentIsToldTheCustomersLanguageAndNotWhoTheyAre() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String speaks = chat("57");
        String silent = chat("58");

        update(
                account,
                "s3cret",
                message(1, speaks, 1, "Oi").replace("\"is_bot\"", "\"language_code\":\"pt-br\",\"is_bot\""));
        update(
                account,
                "s3cret",
                message(2, silent, 1, "Hi").replace("\"is_bot\"", "\"language_code\":\"?\",\"is_bot\""));

        await(() -> Fakes.sentTo(speaks).size() == 1 && Fakes.sentTo(silent).size() == 1);
        List<String> operations = operations(tenant);
        List<JsonNode> runs = Fakes.RUN_REQUESTS.stream()
                .filter(run -> operations.contains(run.path("operation_id").asText()))
                .toList();
        assertThat(runs.stream().map(run -> run.path("contact").toString()))
                .containsExactlyInAnyOrder("{\"language\":\"pt-BR\"}", "");
        assertThat(runs.toString()).doesNotContain("Ana").doesNotContain("ana");
    }

    @Test
    void whoKeepsWritingIsAnsweredAllTheSame() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("54");
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        Fakes.GATES.put(tenant.toString(), first);

        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() -> asked(tenant) == 1);
        update(account, "s3cret", message(2, chat, 2, "Two"));
        Fakes.GATES.put(tenant.toString(), second);
        first.countDown();
        await(() -> asked(tenant) == 2);
        update(account, "s3cret", message(3, chat, 3, "Three"));
        second.countDown();

        await(() -> Fakes.sentTo(chat).size() == 2 && states(tenant).equals("MERGED ANSWERED ANSWERED"));
        assertThat(said(chat)).containsExactly("You said: One\nTwo", "You said: Three");
        assertThat(messagesCharged(tenant)).containsExactly(0, 1, 1);
    }

    @Test
    void whatWasChargedForAMessageBeforeItsProcessDiedIsNotChargedAgain() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "concierge");
        String chat = chat("55");
        Fakes.AGENT_AWAY.add(tenant.toString());

        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() ->
                count("select count(*) from app.operation where attempts > 0 and tenant_id = '" + tenant + "'") == 1);
        String charged = operations(tenant).getFirst();
        Fakes.HOLDS.put(charged, "SETTLED");
        Fakes.SETTLEMENTS.put(charged, new ObjectMapper().createObjectNode().put("message", 1));
        update(account, "s3cret", message(2, chat, 2, "Two"));
        Fakes.AGENT_AWAY.remove(tenant.toString());

        await(() -> states(tenant).equals("MERGED ANSWERED"));
        assertThat(messagesCharged(tenant)).containsExactly(1, 0);
    }

    @Test
    void aMessageThatADeadAttemptPaidForIsNotPaidAgainByTheOneThatTakesItsPlace() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("59");
        CountDownLatch gate = new CountDownLatch(1);
        Fakes.GATES.put(tenant.toString(), gate);

        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() -> asked(tenant) == 1);
        String charged = operations(tenant).getFirst();
        Fakes.SETTLEMENTS.put(charged, new ObjectMapper().createObjectNode().put("message", 1));
        Fakes.HOLDS.put(charged, "SETTLED");
        update(account, "s3cret", message(2, chat, 2, "Two"));
        gate.countDown();

        await(() -> states(tenant).equals("MERGED ANSWERED"));
        await(() -> Fakes.SETTLEMENTS.containsKey(operations(tenant).getLast()));
        assertThat(messagesCharged(tenant)).containsExactly(1, 0);
    }

    @Test
    void aRunWhoseAnswerNobodyWantsIsNotTakenForAMessageWhenPolicyIsAway() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("56");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));

        update(account, "s3cret", message(1, chat, 1, "One"));
        await(() -> asked(tenant) == 1);
        update(account, "s3cret", message(2, chat, 2, "Two"));
        Fakes.SETTLEMENT_AWAY.add(tenant.toString());
        gate.countDown();
        await(() -> states(tenant).startsWith("MERGED"));
        Fakes.SETTLEMENT_AWAY.remove(tenant.toString());

        await(() ->
                states(tenant).equals("MERGED ANSWERED") && Fakes.sentTo(chat).size() == 1);
        // Given back: policy charges its tokens from the usage event, and no message.
        await(() -> "RELEASED".equals(Fakes.HOLDS.get(operations(tenant).getFirst())));
    }

    @Test
    void aPictureIsSeenWithTheMessageThatTakesItsPlace() {
        TenantId tenant = newTenant();
        String account = telegram(tenant, "patient");
        String chat = chat("57");
        CountDownLatch gate = Fakes.GATES.computeIfAbsent(tenant.toString(), ignored -> new CountDownLatch(1));

        update(account, "s3cret", """
                {"update_id":1,"message":{"message_id":1,"date":1790000000,"caption":"what is this?",
                 "photo":[{"file_id":"p","file_unique_id":"p","width":1,"height":1,"file_size":70}],
                 "chat":{"id":%s,"type":"private"},"from":{"id":%s,"is_bot":false,"first_name":"Ana"}}}
                """.formatted(chat, chat));
        await(() -> asked(tenant) == 1);
        update(account, "s3cret", message(2, chat, 2, "and in blue?"));
        gate.countDown();

        await(() -> states(tenant).equals("MERGED ANSWERED"));
        JsonNode content = Fakes.RUN_REQUESTS.stream()
                .filter(run -> run.path("operation_id")
                        .asText()
                        .equals(operations(tenant).getLast()))
                .findFirst()
                .orElseThrow()
                .at("/messages/0/content");
        assertThat(content.path(0).path("text").asText()).isEqualTo("[photo] what is this?\nand in blue?");
        assertThat(content.at("/1/image_url/url").asText()).startsWith("data:image/png;base64,");
    }

    private static List<Integer> messagesCharged(TenantId tenant) {
        await(() -> Fakes.SETTLEMENTS.keySet().containsAll(operations(tenant)));
        return Fakes.messagesCharged(tenant);
    }

    private static long asked(TenantId tenant) {
        List<String> operations = operations(tenant);
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> operations.contains(run.path("operation_id").asText()))
                .count();
    }
}
