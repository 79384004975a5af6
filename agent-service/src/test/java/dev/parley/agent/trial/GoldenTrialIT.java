package dev.parley.agent.trial;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.answerNow;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.seen;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.agent.AgentFixtures;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class GoldenTrialIT {
    @Test
    void aVersionIsReleasedOnlyWhenItPassedTheGoldenConversations() {
        // Given an agent that must know its refund rule
        String id = createAgent(aSlug("golden"));
        activate(id, draft(id, Map.of("system_prompt", "Old", "provider", "default")));
        String golden = golden(
                id,
                "refunds",
                aText("obey"),
                Map.of("kind", "contains", "value", "14 DAYS"),
                Map.of("kind", "max_length", "value", 40));
        int number = draft(id, Map.of("system_prompt", "Refunds within {{days}} weeks.", "provider", "default"));

        // When / Then it is refused untried, and tried in vain
        refused(id, number);
        JsonPath failed = trial(id, number);
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("result.conversations[0].name")).isEqualTo("refunds");
        assertThat(failed.getString("result.conversations[0].turns[0].text")).isEqualTo("Refunds within 14 weeks.");
        assertThat(failed.getList("result.conversations[0].turns[0].expectations.passed"))
                .containsExactly(false, true);
        assertThat(failed.getString("result.conversations[0].turns[0].expectations[0].detail"))
                .isEqualTo("the reply does not contain it");
        assertThat(failed.getInt("result.cost.input_tokens")).isEqualTo(11);
        assertThat(failed.getInt("result.cost.output_tokens")).isEqualTo(7);
        refused(id, number);

        // mended, it must be tried anew
        admin().body(Map.of("system_prompt", "Refunds within {{days}} days.", "provider", "default"))
                .put("/api/v1/admin/agents/{id}/prompt-versions/{n}", id, number)
                .then()
                .statusCode(200);
        refused(id, number);
        assertThat(trial(id, number).getString("status")).isEqualTo("passed");

        // a golden conversation that is changed must be passed anew too
        admin().body(Map.of(
                        "name",
                        "refunds",
                        "turns",
                        List.of(Map.of(
                                "user",
                                aText("obey"),
                                "expect",
                                List.of(Map.of("kind", "regex", "value", "\\b14 days\\b")))),
                        "variables",
                        Map.of("days", "14")))
                .put("/api/v1/admin/agents/{id}/golden-conversations/{c}", id, golden)
                .then()
                .statusCode(200);
        refused(id, number);
        assertThat(trial(id, number).getString("status")).isEqualTo("passed");
        activate(id, number);

        // and rolling back asks for nothing
        admin().post("/api/v1/admin/agents/{id}/rollback", id)
                .then()
                .statusCode(200)
                .body("number", equalTo(1));
        refused(id, number + 1, 404, "PROMPT_VERSION_NOT_FOUND");
    }

    @Test
    void aTrialRunsOnceAtATimeAndIsThenOfRecord() throws Exception {
        // Given
        String id = createAgent(aSlug("once"));
        int number = draft(id, Map.of("system_prompt", "Be kind.", "provider", "default"));
        admin().post("/api/v1/admin/agents/{id}/prompt-versions/{n}/trial", id, number)
                .then()
                .statusCode(409)
                .body("code", equalTo("NOTHING_TO_TRY"));
        admin().get("/api/v1/admin/agents/{id}/prompt-versions/{n}/trial", id, number)
                .then()
                .statusCode(404)
                .body("code", equalTo("TRIAL_NOT_FOUND"));
        String held = aText("held");
        golden(id, "held", held, Map.of("kind", "contains", "value", "echo"));

        // When
        begin(id, number).then().statusCode(202).body("status", equalTo("running"));
        begin(id, number).then().statusCode(409).body("code", equalTo("TRIAL_RUNNING"));
        answerNow(held);

        // Then
        assertThat(ended(id, number).getString("status")).isEqualTo("passed");
        assertThat(seen(held).get("calls").asInt()).isOne();
        try (Connection app = AgentFixtures.appRole();
                Statement statement = app.createStatement()) {
            statement.execute("select set_config('app.tenant_id', '" + TenantId.PLATFORM + "', false)");
            assertThatThrownBy(() -> statement.executeUpdate(
                            "update golden_trial set status = 'failed' where agent_id = '" + id + "'"))
                    .hasMessageContaining("cannot be changed");
            assertThatThrownBy(() -> statement.executeUpdate("delete from golden_trial where agent_id = '" + id + "'"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aProviderThatFailsIsATrialThatFailed() {
        String id = createAgent(aSlug("broken"));
        int number = draft(id, Map.of("system_prompt", "Be kind.", "provider", "default"));
        golden(id, "fails", aText("400"));
        golden(id, "works", aText("ok"), Map.of("kind", "not_contains", "value", "never"));

        JsonPath trial = trial(id, number);

        assertThat(trial.getString("status")).isEqualTo("failed");
        assertThat(trial.getList("result.conversations.passed")).containsExactly(false, true);
        assertThat(trial.getString("result.conversations[0].problem")).isNotBlank();
        refused(id, number);
    }

    @Test
    void whatCannotBeJudgedIsRefusedWithItsPlace() {
        String id = createAgent(aSlug("strict"));
        admin().body(Map.of(
                        "name",
                        "bad",
                        "turns",
                        List.of(Map.of("user", "Hi", "expect", List.of(Map.of("kind", "regex", "value", "("))))))
                .post("/api/v1/admin/agents/{id}/golden-conversations", id)
                .then()
                .statusCode(422)
                .body("code", equalTo("GOLDEN_INVALID"))
                .body("detail", containsString("turns[0].expect[0]: regex"));
        String first = golden(id, "twice", "Hi");
        admin().body(Map.of("name", "twice", "turns", List.of(Map.of("user", "Hi", "expect", List.of()))))
                .post("/api/v1/admin/agents/{id}/golden-conversations", id)
                .then()
                .statusCode(409)
                .body("code", equalTo("GOLDEN_NAME_TAKEN"));
        admin().get("/api/v1/admin/agents/{id}/golden-conversations", id).then().body("items.id", contains(first));
        admin().delete("/api/v1/admin/agents/{id}/golden-conversations/{c}", id, first)
                .then()
                .statusCode(204);
        admin().get("/api/v1/admin/agents/{id}/golden-conversations", id).then().body("items", hasSize(0));
        given().auth()
                .oauth2(TestTokens.member(AgentFixtures.aTenant(), "owner"))
                .get("/api/v1/admin/agents/{id}/golden-conversations", id)
                .then()
                .statusCode(403);
    }

    @Test
    void aDraftAnswersWhatAnAdminTypes() {
        String id = createAgent(aSlug("tried"));
        int number = draft(
                id,
                Map.of("system_prompt", "I am {{name}}.", "provider", "default", "variables", Map.of("name", "Ann")));
        for (String name : List.of("Ann", "Bob")) {
            admin().body(Map.of(
                            "messages",
                            List.of(Map.of("role", "user", "content", aText("obey"))),
                            "variables",
                            name.equals("Ann") ? Map.of() : Map.of("name", name)))
                    .post("/api/v1/admin/agents/{id}/prompt-versions/{n}/try", id, number)
                    .then()
                    .statusCode(200)
                    .body("text", equalTo("I am " + name + "."))
                    .body("provider", equalTo("default"))
                    .body("cost.input_tokens", equalTo(11))
                    .body("cost.estimated", equalTo(false));
        }
        admin().body(Map.of("messages", List.of(Map.of("role", "user", "content", aText("400")))))
                .post("/api/v1/admin/agents/{id}/prompt-versions/{n}/try", id, number)
                .then()
                .statusCode(502)
                .body("code", equalTo("PROVIDER_REJECTED"));
    }

    @SafeVarargs
    private static String golden(String id, String name, String user, Map<String, ?>... expectations) {
        return admin().body(Map.of(
                        "name",
                        name,
                        "turns",
                        List.of(Map.of("user", user, "expect", List.of(expectations))),
                        "variables",
                        Map.of("days", "14")))
                .post("/api/v1/admin/agents/{id}/golden-conversations", id)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private static Response begin(String id, int number) {
        return admin().post("/api/v1/admin/agents/{id}/prompt-versions/{n}/trial", id, number);
    }

    private static JsonPath trial(String id, int number) {
        begin(id, number).then().statusCode(202);
        return ended(id, number);
    }

    private static JsonPath ended(String id, int number) {
        return AgentFixtures.eventually(
                () -> admin().get("/api/v1/admin/agents/{id}/prompt-versions/{n}/trial", id, number)
                        .jsonPath(),
                trial -> !trial.getString("status").equals("running"));
    }

    private static void refused(String id, int number) {
        refused(id, number, 409, "GOLDEN_NOT_PASSED");
    }

    private static void refused(String id, int number, int status, String code) {
        admin().post("/api/v1/admin/agents/{id}/prompt-versions/{n}/activation", id, number)
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }
}
