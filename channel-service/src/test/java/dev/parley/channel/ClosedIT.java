package dev.parley.channel;

import static dev.parley.channel.Channel.await;
import static dev.parley.channel.Channel.chat;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.handBack;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.message;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.pause;
import static dev.parley.channel.Channel.send;
import static dev.parley.channel.Channel.telegram;
import static dev.parley.channel.Channel.text;
import static dev.parley.channel.Channel.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** While an agent is closed, or does not take a message, nothing runs, nothing is held, and what the tenant chose happens. */
@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class ClosedIT {
    private static final String MORNING = "2026-11-23T03:30:00Z";
    private static final String WAITING =
            "Somebody will answer you here as soon as they can. Your message is not lost.";

    private final TenantId tenant = newTenant();

    @Test
    void aCustomerIsToldOncePerClosedTimeAndTheAgentHearsOfItWhenItOpens() {
        // Given
        String account = telegram(tenant, "concierge");
        String chat = chat("81");
        close(Map.of("text", "We are asleep.", "opens_at", MORNING));

        // When
        update(account, "s3cret", message(1, chat, 1, "Hello"));
        await(() -> said(chat).size() == 1);
        String operation = text("select id::text from app.operation where tenant_id = '" + tenant + "'");
        update(account, "s3cret", message(2, chat, 2, "Anybody?"));
        await(() -> states().equals("REFUSED REFUSED"));
        close(Map.of("text", "We are asleep.", "opens_at", "2026-11-24T03:30:00Z"));
        update(account, "s3cret", message(3, chat, 3, "Hello again"));
        await(() -> said(chat).size() == 2);

        // Then
        assertThat(said(chat)).containsExactly("We are asleep.", "We are asleep.");
        assertThat(states()).isEqualTo("REFUSED REFUSED REFUSED");
        assertThat(text("select string_agg(distinct problem_code, ' ') from app.operation where tenant_id = '" + tenant
                        + "'"))
                .isEqualTo("AGENT_CLOSED");
        nothingRanAndNothingIsHeld(3);
        member(tenant)
                .get("/api/v1/operations/" + operation)
                .then()
                .statusCode(200)
                .body("steps.step", hasItem("message-refused"))
                .body("steps.find { it.step == 'message-refused' }.detail.code", equalTo("AGENT_CLOSED"));
        Fakes.AGENT_REFUSES.remove(tenant.toString());
        update(account, "s3cret", message(4, chat, 4, "Now?"));
        await(() -> said(chat).size() == 3);
        assertThat(said(chat).getLast()).isEqualTo("You said: Now?");
        assertThat(lastPrompt().findValuesAsText("content")).containsExactly("Hello\nAnybody?\nHello again", "Now?");
        close(Map.of("text", "We are asleep again.", "opens_at", "2026-11-24T03:30:00Z"));
        update(account, "s3cret", message(5, chat, 5, "And now?"));
        await(() -> said(chat).size() == 4);
        assertThat(said(chat).getLast())
                .as("told again, though it opens when it did before")
                .isEqualTo("We are asleep again.");
    }

    @Test
    void aConversationWaitsForAPersonWhereTheTenantWantsThat() {
        String account = telegram(tenant, "concierge");
        String chat = chat("82");
        close(Map.of("handoff", true, "opens_at", MORNING));

        update(account, "s3cret", message(1, chat, 1, "Hello"));
        await(() -> states().equals("HELD_BY_STAFF"));
        update(account, "s3cret", message(2, chat, 2, "Anybody?"));

        await(() -> said(chat).size() == 1);
        assertThat(said(chat)).containsExactly(WAITING);
        member(tenant)
                .get("/api/v1/conversations?status=waiting")
                .then()
                .body("items.agent", contains("concierge"))
                .body("items[0].handoff.reason", equalTo("Outside of the agent's hours"));
        nothingRanAndNothingIsHeld(1);
    }

    @Test
    void bothMeansOneTextAndAPersonAndWhatIsGivenBackIsAnsweredWhenItOpens() {
        String account = telegram(tenant, "concierge");
        String chat = chat("83");
        close(Map.of("text", "We are asleep.", "handoff", true));

        update(account, "s3cret", message(1, chat, 1, "Hello"));
        await(() -> said(chat).size() == 1);
        update(account, "s3cret", message(2, chat, 2, "Anybody?"));
        await(() -> states().equals("HELD_BY_STAFF HELD_BY_STAFF"));
        String conversation = text("select id::text from app.conversation where tenant_id = '" + tenant + "'");
        handBack(tenant, conversation);
        await(() -> states().equals("HELD_BY_STAFF HELD_BY_STAFF MERGED HELD_BY_STAFF"));
        pause(Duration.ofSeconds(1));
        assertThat(said(chat)).as("of one closed time told once").containsExactly("We are asleep.");
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("waiting"));
        nothingRanAndNothingIsHeld(2);

        Fakes.AGENT_REFUSES.remove(tenant.toString());
        handBack(tenant, conversation);

        await(() -> said(chat).size() == 2);
        assertThat(said(chat)).containsExactly("We are asleep.", "You said: Hello\nAnybody?");
    }

    @Test
    void whoAsksOnTheWebIsToldByTheProblemAndAnsweredWhenItOpens() {
        String conversation = conversation(tenant, "concierge");
        close(Map.of("text", "We are asleep.", "opens_at", MORNING, "handoff", true));

        for (int i = 0; i < 2; i++) {
            send(tenant, conversation, "Hello", "m-1")
                    .statusCode(403)
                    .body("code", equalTo("AGENT_CLOSED"))
                    .body("type", equalTo("https://parley.dev/problems/agent-closed"))
                    .body("text", equalTo("We are asleep."))
                    .body("opens_at", equalTo(MORNING))
                    .body("handoff", nullValue());
        }
        member(tenant)
                .header("Accept", "text/event-stream")
                .body(Map.of("text", "Hello?"))
                .post("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .statusCode(403)
                .body("code", equalTo("AGENT_CLOSED"))
                .body("text", equalTo("We are asleep."))
                .body("opens_at", equalTo(MORNING));
        assertThat(states()).isEqualTo("REFUSED REFUSED REFUSED");
        nothingRanAndNothingIsHeld(3);
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("bot"));

        Fakes.AGENT_REFUSES.remove(tenant.toString());
        send(tenant, conversation, "Hello", "m-1").statusCode(201).body("reply.text", equalTo("You said: Hello"));
    }

    @Test
    void whatNobodyWaitsForOnTheWebIsToldInTheConversation() {
        String conversation = conversation(tenant, "helpless");
        send(tenant, conversation, "Hello").statusCode(201);
        send(tenant, conversation, "Anybody?").statusCode(202);
        close(Map.of("text", "We are asleep.", "handoff", true, "opens_at", MORNING));

        handBack(tenant, conversation);

        await(() -> states().equals("ANSWERED HELD_BY_STAFF HELD_BY_STAFF"));
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items[0].role", equalTo("notice"))
                .body("items[0].text", equalTo("We are asleep."))
                .body("items[1].text", equalTo("Anybody?"))
                .body("items[1].status", equalTo("held_by_staff"));
        member(tenant).get("/api/v1/conversations/" + conversation).then().body("owner", equalTo("waiting"));
        assertThat(text("select string_agg(type, ' ' order by xid, seq) from app.stream_event where tenant_id = '"
                        + tenant + "'"))
                .endsWith("channel.conversation-handed-back.v1 channel.message-sent.v1 channel.handoff-requested.v1");
    }

    @Test
    void whatAnAgentIgnoresIsKeptAndNothingElseHappens() {
        String account = telegram(tenant, "concierge");
        String chat = chat("84");
        Fakes.AGENT_REFUSES.put(tenant.toString(), Map.of("code", "MESSAGE_IGNORED"));

        update(account, "s3cret", message(1, chat, 1, "A job, please"));
        await(() -> states().equals("REFUSED"));

        assertThat(text("select problem_code from app.operation where tenant_id = '" + tenant + "'"))
                .isEqualTo("MESSAGE_IGNORED");
        nothingRanAndNothingIsHeld(1);
        String conversation = text("select id::text from app.conversation where tenant_id = '" + tenant + "'");
        member(tenant)
                .get("/api/v1/conversations/" + conversation + "/messages")
                .then()
                .body("items.text", contains("A job, please"))
                .body("items[0].status", equalTo("refused"));
        Fakes.AGENT_REFUSES.remove(tenant.toString());
        update(account, "s3cret", message(2, chat, 2, "A chair, please"));
        await(() -> said(chat).size() == 1);
        assertThat(said(chat)).containsExactly("You said: A chair, please");
        assertThat(lastPrompt().findValuesAsText("content"))
                .as("what is ignored is not told either")
                .containsExactly("A chair, please");
    }

    private void close(Map<String, Object> members) {
        Map<String, Object> closed = new HashMap<>(members);
        closed.put("code", "AGENT_CLOSED");
        Fakes.AGENT_REFUSES.put(tenant.toString(), closed);
    }

    private void nothingRanAndNothingIsHeld(int decided) {
        List<String> operations = operations();
        assertThat(Fakes.PROVIDER_CALLS).doesNotContainAnyElementsOf(operations);
        assertThat(Fakes.SETTLEMENTS).doesNotContainKeys(operations.toArray(String[]::new));
        assertThat(operations.stream().map(Fakes.HOLDS::get).filter(Objects::nonNull))
                .hasSize(decided)
                .containsOnly("RELEASED");
    }

    private List<String> operations() {
        return List.of(text("select string_agg(id::text, ' ') from app.operation where tenant_id = '" + tenant + "'")
                .split(" "));
    }

    private JsonNode lastPrompt() {
        List<String> operations = operations();
        return Fakes.RUN_REQUESTS.stream()
                .filter(run -> operations.contains(run.path("operation_id").asText()))
                .toList()
                .getLast()
                .path("messages");
    }

    private static List<String> said(String chat) {
        return Fakes.sentTo(chat).stream()
                .map(call -> call.body().path("text").asText())
                .toList();
    }

    private String states() {
        return Channel.states(tenant);
    }
}
