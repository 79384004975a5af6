package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.answerNow;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.read;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static dev.parley.agent.AgentFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class RunMemoryIT {
    private static final String FILLER = " and so on".repeat(20);

    @Inject
    Database database;

    @Inject
    RunPlanner planner;

    @Inject
    MemoryWriter writer;

    @Inject
    MemoryRepository memories;

    @Inject
    ObjectMapper json;

    @Test
    void aLongConversationIsRememberedInASummaryThatIsPaidForApart() {
        // Given
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();

        // When the channel tells as much as it ever does
        Map<String, Object> first = talk(agent, conversation, "web", 0, 16, aText("ok"));
        post(tenant, first)
                .then()
                .statusCode(200)
                .body("usage.input_tokens", equalTo(11))
                .body("usage.output_tokens", equalTo(7));

        // Then the oldest are in a summary soon, which nobody can read in the database
        remembered(tenant, first)
                .then()
                .body("steps.find { it.step == 'tool.called' }.detail.tool", equalTo("remember_conversation"))
                .body("steps.find { it.step == 'tool.called' }.detail.outcome", equalTo("DONE"));
        assertThat(value(
                        "select position(convert_to('question', 'UTF8') in summary) from conversation_memory where"
                                + " conversation_id = ?",
                        conversation))
                .isEqualTo("0");

        // and what that took is an operation of its own, held and metered without a message
        JsonNode used = read(events(
                        "agent.usage.events",
                        event -> event.value().contains(conversation)
                                && !event.value().contains((String) first.get("operation_id")))
                .getFirst()
                .value());
        assertThat(used.at("/quantities")).isEqualTo(read("{\"llm.input_tokens\":11,\"llm.output_tokens\":7}"));
        assertThat(used.at("/key_owner").asText()).isEqualTo("platform");
        assertThat(used.hasNonNull("release_id")).isFalse();
        String operation = used.at("/operation_id").asText();
        assertThat(used.at("/hold").asText()).isEqualTo("hold." + operation);
        assertThat(seen("held " + operation).at("/body/estimate/message").isMissingNode())
                .isTrue();
        assertThat(seen("held " + operation)
                        .at("/body/estimate/llm.output_tokens")
                        .asInt())
                .isEqualTo(400);

        // and the next run is told that instead of them, by one call
        String text = aText("ok");
        Map<String, Object> next = talk(agent, conversation, "web", 2, 18, text);
        post(tenant, next).then().statusCode(200).body("usage.input_tokens", equalTo(11));
        JsonNode told = seen(text).at("/body/messages");
        assertThat(told.at("/1/role").asText()).isEqualTo("user");
        assertThat(told.at("/1/content").asText())
                .startsWith("Notes on this conversation so far")
                .contains("question 0", "answer 9")
                .doesNotContain("question 10");
        assertThat(told.at("/2/content").asText()).startsWith("question 10");

        // but nobody else's, and no caller's of the API
        String strange = aText("ok");
        post(aTenant(), talk(agent, conversation, "web", 2, 12, strange)).then().statusCode(200);
        assertThat(seen(strange).at("/body/messages/1/content").asText()).startsWith("question 2");
        Map<String, Object> overTheApi = talk(agent, UUID.randomUUID().toString(), "api", 0, 16, aText("ok"));
        post(tenant, overTheApi).then().statusCode(200).body("usage.input_tokens", equalTo(11));
    }

    @Test
    void nobodyWaitsForASummary() {
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        Map<String, Object> request = talk(readyAgent(), conversation, "web", 0, 16, aText("hurried"));

        post(tenant, request).then().statusCode(200);

        answerNow("takeyourtime-" + conversation.substring(0, 8));
        remembered(tenant, request);
    }

    @Test
    void aSummaryThatFailsTakesNothingAway() {
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        Map<String, Object> request = talk(agent, conversation, "web", 0, 16, aText("forgetful"));

        post(tenant, request).then().statusCode(200);

        eventually(
                () -> seen("released " + agent),
                released -> released.path("calls").asInt() == 1);
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.step", hasItem("run.finished"))
                .body("steps.step", not(hasItem("tool.called")));
        assertThat(value("select count(*) from conversation_memory where conversation_id = ?", conversation))
                .isEqualTo("0");
    }

    @Test
    void aSummaryThatWasKeptSinceTheRunWasPlannedIsNotWrittenAgain() {
        // Given a run that is planned before the summary of the one before it is kept, and ends behind that
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        Map<String, Object> first = talk(agent, conversation, "web", 0, 16, aText("ok"));
        Map<String, Object> second = talk(agent, conversation, "web", 0, 18, aText("ok"));
        RunRequest late = json.convertValue(second, RunRequest.class);
        RunPlan plan = planner.plan(tenant, late);
        assertThat(plan.memory()).isEqualTo(new Memory(null, 0, 12));
        post(tenant, first).then().statusCode(200);
        remembered(tenant, first);
        post(tenant, second).then().statusCode(200);
        MemoryRepository.Row kept =
                memories.find(database, tenant, conversation, agent).orElseThrow();

        // When
        UUID operation = Ids.next();
        writer.write(tenant, late, plan, operation);

        // Then nothing is held, asked or kept for it
        assertThat(seen("held " + operation).has("body")).isFalse();
        service(tenant)
                .get("/internal/operations/{id}", second.get("operation_id"))
                .then()
                .body("steps.step", hasItem("run.finished"))
                .body("steps.step", not(hasItem("tool.called")));
        assertThat(memories.find(database, tenant, conversation, agent))
                .hasValueSatisfying(row -> assertThat(row.id()).isEqualTo(kept.id()));
    }

    @Test
    void ofTwoSummariesThatAreWrittenAtOnceTheSecondIsNeitherKeptNorPaidFor() throws Exception {
        // Given a run without a summary, and one that a model is asked for now
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        Map<String, Object> request = talk(agent, conversation, "web", 0, 16, aText("hurried"));
        RunRequest asked = json.convertValue(request, RunRequest.class);
        RunPlan plan = planner.plan(tenant, asked);
        request.put("channel", "api");
        post(tenant, request).then().statusCode(200);
        UUID operation = Ids.next();
        FutureTask<Boolean> writing = new FutureTask<>(() -> writer.write(tenant, asked, plan, operation), true);
        Thread.ofVirtual().start(writing);
        eventually(() -> seen("held " + operation), held -> held.has("body"));

        // When another replica keeps one first
        UUID others = Ids.next();
        assertThat(put(tenant, conversation, agent, others, null)).isTrue();
        answerNow("takeyourtime-" + conversation.substring(0, 8));
        writing.get(60, TimeUnit.SECONDS);

        // Then
        assertThat(seen("released " + operation).path("calls").asInt()).isEqualTo(1);
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.step", hasItem("run.finished"))
                .body("steps.step", not(hasItem("tool.called")));
        assertThat(memories.find(database, tenant, conversation, agent))
                .hasValueSatisfying(row -> assertThat(row.id()).isEqualTo(others));
    }

    @Test
    void aSummaryIsKeptInThePlaceOfTheOneThatItWasWrittenFromAndOfNoOther() {
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        UUID first = Ids.next();
        UUID second = Ids.next();

        assertThat(put(tenant, conversation, "any", first, null)).isTrue();
        assertThat(put(tenant, conversation, "any", Ids.next(), null)).isFalse();
        assertThat(put(tenant, conversation, "any", second, first)).isTrue();
        assertThat(put(tenant, conversation, "any", Ids.next(), first)).isFalse();

        assertThat(memories.find(database, tenant, conversation, "any"))
                .hasValueSatisfying(row -> assertThat(row.id()).isEqualTo(second));
    }

    private boolean put(TenantId tenant, String conversation, String agent, UUID id, UUID before) {
        return database.inTenant(
                tenant,
                handle -> memories.put(handle, tenant, id, before, conversation, agent, new byte[8], new byte[32]));
    }

    private static Response remembered(TenantId tenant, Map<String, Object> request) {
        return eventually(
                () -> service(tenant).get("/internal/operations/{id}", request.get("operation_id")),
                trace -> trace.path("steps.step").toString().contains("tool.called"));
    }

    private static Map<String, Object> talk(
            String agent, String conversation, String channel, int from, int to, String text) {
        List<Object> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            messages.add(Map.of(
                    "role",
                    i % 2 == 0 ? "user" : "assistant",
                    "content",
                    (i % 2 == 0 ? "question " : "answer ")
                            + i
                            + (text.startsWith("forgetful") ? " forgetme" : "")
                            + (text.startsWith("hurried") ? " takeyourtime-" + conversation.substring(0, 8) : "")
                            + FILLER));
        }
        messages.add(Map.of("role", "user", "content", text));
        Map<String, Object> request = run(agent, text);
        request.put("conversation_id", conversation);
        request.put("channel", channel);
        request.put("messages", messages);
        return request;
    }
}
