package dev.parley.agent.prompt;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.agent.AgentFixtures;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class PromptVersionAdminResourceIT {
    @Test
    void aVersionIsDraftedActivatedReplacedAndRolledBack() {
        // Given
        String slug = aSlug("released");
        String id = createAgent(slug);
        post(aTenant(), run(slug, aText("ok"))).then().statusCode(409).body("code", equalTo("AGENT_NOT_READY"));
        int first = draft(id, Map.of("system_prompt", "One", "provider", "default", "temperature", 0.5));
        int second = draft(id, Map.of("system_prompt", "Two", "provider", "demo"));
        int third = draft(id, Map.of("system_prompt", "Three", "provider", "demo"));
        assertThat(List.of(first, second, third)).containsExactly(1, 2, 3);

        // When / Then
        activate(id, 1);
        post(aTenant(), run(slug, aText("ok"))).then().statusCode(200).body("prompt_version", equalTo(1));
        activate(id, 2);
        post(aTenant(), run(slug, aText("ok")))
                .then()
                .statusCode(200)
                .body("prompt_version", equalTo(2))
                .body("provider", equalTo("demo"))
                .body("usage.estimated", equalTo(true));
        activate(id, 3);
        rollback(id).then().statusCode(200).body("number", equalTo(2)).body("status", equalTo("active"));
        rollback(id).then().statusCode(200).body("number", equalTo(1));
        post(aTenant(), run(slug, aText("ok"))).then().statusCode(200).body("prompt_version", equalTo(1));
        rollback(id).then().statusCode(409).body("code", equalTo("NO_EARLIER_PROMPT_VERSION"));
        admin().get("/api/v1/admin/agents/{id}/prompt-versions", id)
                .then()
                .statusCode(200)
                .body("items.number", contains(3, 2, 1))
                .body("items.status", contains("archived", "archived", "active"))
                .body("next_cursor", nullValue());
        admin().get("/api/v1/admin/agents/{id}", id).then().body("active_version", equalTo(1));
    }

    @Test
    void whatWasActiveCannotBeChangedNotEvenBySql() throws SQLException {
        // Given
        String id = createAgent(aSlug("frozen"));
        int number = draft(id, Map.of("system_prompt", "Draft", "provider", "demo"));
        admin().body(Map.of("system_prompt", "Better draft", "provider", "demo"))
                .put("/api/v1/admin/agents/{id}/prompt-versions/{n}", id, number)
                .then()
                .statusCode(200)
                .body("system_prompt", equalTo("Better draft"));
        activate(id, number);

        // When / Then
        admin().body(Map.of("system_prompt", "Sneaky", "provider", "demo"))
                .put("/api/v1/admin/agents/{id}/prompt-versions/{n}", id, number)
                .then()
                .statusCode(409)
                .body("code", equalTo("PROMPT_VERSION_IMMUTABLE"));
        try (Connection app = AgentFixtures.appRole();
                Statement statement = app.createStatement()) {
            statement.execute("select set_config('app.tenant_id', '" + TenantId.PLATFORM + "', false)");
            String where = " where agent_id = '" + id + "' and number = " + number;
            for (String change : List.of(
                    "system_prompt = 'x'",
                    "provider = 'x'",
                    "model = 'x'",
                    "temperature = 1.5",
                    "max_tokens = 9",
                    "variables = '{\"a\":\"b\"}'",
                    "status = 'draft'",
                    "number = 99")) {
                assertThatThrownBy(() -> statement.executeUpdate("update prompt_version set " + change + where))
                        .as(change)
                        .isInstanceOf(SQLException.class);
            }
            assertThatThrownBy(() -> statement.executeUpdate("delete from prompt_version" + where))
                    .hasMessageContaining("permission denied");
            assertThat(statement.executeUpdate("update prompt_version set status = 'archived'" + where))
                    .isOne();
        }
    }

    @Test
    void diffShowsTextAndParameters() {
        String id = createAgent(aSlug("compared"));
        draft(id, Map.of("system_prompt", "Be kind.\nBe short.\nBe right.", "provider", "default", "temperature", 0.2));
        draft(id, Map.of("system_prompt", "Be kind.\nBe brief.\nBe right.", "provider", "demo", "temperature", 0.2));

        for (String path : List.of("/prompt-versions/diff", "/diff")) {
            admin().queryParam("from", 1)
                    .queryParam("to", 2)
                    .get("/api/v1/admin/agents/" + id + path)
                    .then()
                    .statusCode(200)
                    .body(
                            "text",
                            equalTo(
                                    "--- version 1\n+++ version 2\n@@ -1,3 +1,3 @@\n Be kind.\n-Be short.\n+Be brief.\n Be right.\n"))
                    .body("changes.field", contains("provider"))
                    .body("changes[0].from", equalTo("default"))
                    .body("changes[0].to", equalTo("demo"));
        }
        admin().queryParam("from", 1)
                .queryParam("to", 9)
                .get("/api/v1/admin/agents/{id}/prompt-versions/diff", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("PROMPT_VERSION_NOT_FOUND"));
    }

    @Test
    void unusableContentIsRefused() {
        String id = createAgent(aSlug("refused"));
        refused(id, Map.of("system_prompt", "x", "provider", "nobody"), "PROMPT_VERSION_INVALID");
        refused(id, Map.of("system_prompt", "x", "provider", "demo", "variables", 7), "PROMPT_VERSION_INVALID");
        refused(
                id,
                Map.of("system_prompt", "x", "provider", "demo", "variables", Map.of("bad name", "v")),
                "PROMPT_VERSION_INVALID");
        refused(id, Map.of("system_prompt", " ", "provider", "demo"), "VALIDATION_FAILED");
        refused(id, Map.of("system_prompt", "x", "provider", "demo", "temperature", 2.1), "VALIDATION_FAILED");
        refused(id, Map.of("system_prompt", "x", "provider", "demo", "max_tokens", 0), "VALIDATION_FAILED");
        admin().body(Map.of("system_prompt", "x", "provider", "demo"))
                .post(
                        "/api/v1/admin/agents/{id}/prompt-versions",
                        UUID.randomUUID().toString())
                .then()
                .statusCode(404)
                .body("code", equalTo("AGENT_NOT_FOUND"));
    }

    @Test
    void releasesAreAudited() {
        String id = createAgent(aSlug("audited"));
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", "demo")));
        activate(id, 1);

        var audit = events(
                "platform.audit.events",
                event -> event.value().contains(id + "/1") && event.value().contains("prompt-version.activate"));
        assertThat(audit).hasSize(1);
        assertThat(AgentFixtures.read(audit.getFirst().value())
                        .at("/before/status")
                        .asText())
                .isEqualTo("draft");
        assertThat(AgentFixtures.read(audit.getFirst().value())
                        .at("/after/status")
                        .asText())
                .isEqualTo("active");
    }

    private static void refused(String id, Map<String, ?> content, String code) {
        admin().body(content)
                .post("/api/v1/admin/agents/{id}/prompt-versions", id)
                .then()
                .statusCode(422)
                .body("code", equalTo(code));
    }

    private static io.restassured.response.Response rollback(String id) {
        return admin().post("/api/v1/admin/agents/{id}/rollback", id);
    }
}
