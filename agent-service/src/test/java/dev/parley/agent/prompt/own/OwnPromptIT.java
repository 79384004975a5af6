package dev.parley.agent.prompt.own;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.plan;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.value;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class OwnPromptIT {
    private static final String AGENT = "/api/v1/agents/{slug}";

    @Test
    void aTenantFillsTheVariablesThatThePromptDeclaresAndNoOthers() {
        // Given
        TenantId tenant = aTenant();
        String slug = ready(
                "I am {{persona}} in {{city}}. {{undeclared}} {{secret}}",
                Map.of("persona", "nobody", "city", "Delhi", "secret", ""));
        as(tenant, "member")
                .get(AGENT + "/configuration", slug)
                .then()
                .statusCode(200)
                .body("persona", nullValue())
                .body("accepts", equalTo(Map.of("persona", "nobody", "city", "Delhi", "secret", "")))
                .body("updated_at", nullValue());
        answers(tenant, slug, "I am nobody in Delhi. {{undeclared}} ");

        // When
        as(tenant, "admin")
                .body(Map.of(
                        "persona", "Ravi {{secret}}",
                        "keywords", List.of("refund", "invoice"),
                        "variables", Map.of("undeclared", "leak", "city", "Pune")))
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(200)
                .body("keywords", contains("refund", "invoice"))
                .body("variables.city", equalTo("Pune"));

        // Then for this tenant, and for nobody else
        answers(tenant, slug, "I am Ravi { {secret} } in Pune. {{undeclared}} ");
        answers(aTenant(), slug, "I am nobody in Delhi. {{undeclared}} ");
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains("agent-configuration.change")
                                && event.value().contains("Ravi")))
                .hasSize(1);
    }

    @Test
    void onlyAdminsConfigureAndWithinBounds() {
        TenantId tenant = aTenant();
        String slug = ready("Hi", Map.of());
        as(tenant, "member")
                .body(Map.of())
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(403);
        as(tenant, "member").get(AGENT + "/prompt-versions", slug).then().statusCode(403);
        as(tenant, "admin")
                .body(Map.of("persona", "x".repeat(4001)))
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(422);
        as(tenant, "admin")
                .body(Map.of("character", "x"))
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(400);
        as(tenant, "admin")
                .get(AGENT + "/configuration", "no-such-agent")
                .then()
                .statusCode(404)
                .body("code", equalTo("AGENT_NOT_FOUND"));
    }

    @Test
    void aTenantsOwnVersionAnswersForItWhileItsPlanAllowsThat() {
        // Given
        TenantId tenant = aTenant();
        TenantId other = aTenant();
        String slug = ready("Platform", Map.of());
        plan(tenant, false);

        // When / Then the plan must have the feature
        as(tenant, "admin")
                .body(Map.of("system_prompt", "Mine"))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(403)
                .body("code", equalTo("FEATURE_NOT_IN_PLAN"))
                .body("policy.rule_id", equalTo("plan.features"))
                .body("detail", containsString("custom_prompts"));
        plan(tenant, true);
        as(tenant, "admin")
                .body(Map.of("system_prompt", "Mine, {{persona}}", "variables", Map.of("persona", "nobody")))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(201)
                .body("number", equalTo(1))
                .body("provider", nullValue())
                .body("status", equalTo("draft"));
        answers(tenant, slug, "Platform");
        as(tenant, "admin")
                .post(AGENT + "/prompt-versions/1/activation", slug)
                .then()
                .statusCode(200)
                .body("status", equalTo("active"));

        // it answers for this tenant only, configured
        as(tenant, "admin").body(Map.of("persona", "Ann")).put(AGENT + "/configuration", slug);
        answers(tenant, slug, "Mine, Ann");
        answers(other, slug, "Platform");
        as(other, "admin").get(AGENT + "/prompt-versions", slug).then().body("items", hasSize(0));
        as(other, "admin").get(AGENT + "/prompt-versions/1", slug).then().statusCode(404);

        // a second one is compared, activated and rolled back, and the platform's brought back
        as(tenant, "admin")
                .body(Map.of("system_prompt", "Mine too"))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(201);
        as(tenant, "admin")
                .queryParam("from", 1)
                .queryParam("to", 2)
                .get(AGENT + "/prompt-versions/diff", slug)
                .then()
                .body("text", containsString("-Mine, {{persona}}\n+Mine too"));
        as(tenant, "admin")
                .get(AGENT + "/prompt-versions/diff", slug)
                .then()
                .body("from", equalTo(1))
                .body("to", equalTo(2));
        as(tenant, "admin")
                .post(AGENT + "/prompt-versions/2/activation", slug)
                .then()
                .statusCode(200);
        answers(tenant, slug, "Mine too");
        as(tenant, "admin")
                .post(AGENT + "/rollback", slug)
                .then()
                .statusCode(200)
                .body("number", equalTo(1));
        answers(tenant, slug, "Mine, Ann");
        as(tenant, "admin")
                .delete(AGENT + "/prompt-versions/activation", slug)
                .then()
                .statusCode(204);
        answers(tenant, slug, "Platform");
        as(tenant, "admin")
                .get(AGENT + "/prompt-versions", slug)
                .then()
                .body("items.status", contains("archived", "archived"));

        // and a plan without the feature brings the platform's back by itself
        as(tenant, "admin")
                .post(AGENT + "/prompt-versions/1/activation", slug)
                .then()
                .statusCode(200);
        answers(tenant, slug, "Mine, Ann");
        plan(tenant, false);
        as(tenant, "admin")
                .post(AGENT + "/prompt-versions/2/activation", slug)
                .then()
                .statusCode(403);
        answers(tenant, slug, "Platform");
        as(tenant, "admin").get(AGENT + "/prompt-versions", slug).then().statusCode(200);
    }

    @Test
    void aTenantTriesItsVersionOnItsOwnGoldenConversationsAndPaysForIt() {
        // Given a draft and what it must get right
        TenantId tenant = aTenant();
        String slug = ready("Platform", Map.of());
        String draft = AGENT + "/prompt-versions/1";
        as(tenant, "admin").body(Map.of("persona", "Ann")).put(AGENT + "/configuration", slug);
        as(tenant, "admin")
                .body(Map.of(
                        "system_prompt", "I am {{persona}}, {{days}} weeks", "variables", List.of("persona", "days")))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(201);
        String golden = as(tenant, "admin")
                .body(Map.of(
                        "name",
                        "refunds",
                        "variables",
                        Map.of("days", "14"),
                        "turns",
                        List.of(Map.of(
                                "user",
                                aText("obey"),
                                "expect",
                                List.of(Map.of("kind", "contains", "value", "Ann, 14 days"))))))
                .post(AGENT + "/golden-conversations", slug)
                .then()
                .statusCode(201)
                .extract()
                .path("id");

        // When / Then it is refused untried, tried in vain, mended, tried and activated
        as(tenant, "admin")
                .post(draft + "/activation", slug)
                .then()
                .statusCode(409)
                .body("code", equalTo("GOLDEN_NOT_PASSED"));
        JsonPath failed = trial(tenant, slug, draft);
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(failed.getString("result.conversations[0].turns[0].text")).isEqualTo("I am Ann, 14 weeks");
        as(tenant, "admin")
                .body(Map.of(
                        "system_prompt", "I am {{persona}}, {{days}} days", "variables", List.of("persona", "days")))
                .put(draft, slug)
                .then()
                .statusCode(200);
        assertThat(trial(tenant, slug, draft).getString("status")).isEqualTo("passed");
        as(tenant, "admin").post(draft + "/activation", slug).then().statusCode(200);
        assertThat(value(
                        "select count(*) from run where tenant_id = ? and status = 'finished' and release_id is null",
                        tenant.value()))
                .as("each reply of a trial is a run that is held and metered")
                .isEqualTo("2");

        // and nobody else has to do with it
        TenantId other = aTenant();
        as(other, "admin").get(AGENT + "/golden-conversations", slug).then().body("items", hasSize(0));
        as(other, "admin")
                .get(AGENT + "/golden-conversations/{id}", slug, golden)
                .then()
                .statusCode(404);
        as(other, "admin")
                .delete(AGENT + "/golden-conversations/{id}", slug, golden)
                .then()
                .statusCode(404);
        as(other, "admin").get(draft + "/trial", slug).then().statusCode(404);
        as(tenant, "member").get(AGENT + "/golden-conversations", slug).then().statusCode(403);
        plan(tenant, false);
        as(tenant, "admin").post(draft + "/trial", slug).then().statusCode(403);
        as(tenant, "admin")
                .delete(AGENT + "/golden-conversations/{id}", slug, golden)
                .then()
                .statusCode(204);
    }

    @Test
    void aTenantNamesProviderAndModelWhereItHasAKey() {
        TenantId tenant = aTenant();
        String slug = ready("Platform", Map.of());
        Map<String, Object> content = Map.of("system_prompt", "Mine", "provider", "default", "model", "mine-1");
        as(tenant, "admin")
                .body(content)
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(422)
                .body("detail", containsString("no key of your own"));
        as(tenant, "admin")
                .body(Map.of("provider", "default", "api_key", "sk-own-of-mine"))
                .post("/api/v1/provider-keys")
                .then()
                .statusCode(201);
        as(tenant, "admin")
                .body(content)
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(201);
        as(tenant, "admin")
                .post(AGENT + "/prompt-versions/1/activation", slug)
                .then()
                .statusCode(200);

        Map<String, Object> request = run(slug, aText("obey"));
        post(tenant, request)
                .then()
                .statusCode(200)
                .body("text", equalTo("Mine"))
                .body("key_owner", equalTo("tenant"));
        String text = (String) ((Map<?, ?>) ((List<?>) request.get("messages")).getFirst()).get("content");
        assertThat(seen(text).at("/authorization").asText()).isEqualTo("Bearer sk-own-of-mine");
        assertThat(seen(text).at("/body/map/model").asText()
                        + seen(text).at("/body/model").asText())
                .isEqualTo("mine-1");
    }

    @Test
    void whatCannotBeUsedIsRefusedWhenItIsWritten() {
        TenantId tenant = aTenant();
        String slug = ready("Platform", Map.of());
        as(tenant, "admin")
                .get(AGENT + "/configuration", slug)
                .then()
                .body("tools_offered.name", hasItems("current_time", "handoff_to_staff"))
                .body("tools_offered[0].description", equalTo("Tells the current date and time."));
        as(tenant, "admin")
                .body(Map.of("tools", List.of("current_time", "curent_time")))
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(422)
                .body("code", equalTo("CONFIGURATION_INVALID"))
                .body("detail", containsString("There is no function curent_time"));
        as(tenant, "admin")
                .body(Map.of("tools", List.of("current_time")))
                .put(AGENT + "/configuration", slug)
                .then()
                .statusCode(200)
                .body("tools", contains("current_time"));
        as(tenant, "admin")
                .body(Map.of("system_prompt", "x".repeat(24_001)))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(422)
                .body("detail", containsString("too long"));
        as(tenant, "admin")
                .body(Map.of("system_prompt", "\u0928".repeat(6_000)))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(201);
        as(tenant, "admin")
                .body(Map.of("system_prompt", "x", "model", "mine-1"))
                .post(AGENT + "/prompt-versions", slug)
                .then()
                .statusCode(422)
                .body("detail", containsString("provider of which you have a key"));
    }

    private static JsonPath trial(TenantId tenant, String slug, String version) {
        as(tenant, "admin").post(version + "/trial", slug).then().statusCode(202);
        return eventually(
                () -> as(tenant, "admin").get(version + "/trial", slug).jsonPath(),
                trial -> !trial.getString("status").equals("running"));
    }

    private static String ready(String prompt, Map<String, String> variables) {
        String slug = aSlug("own");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", prompt, "provider", "default", "variables", variables)));
        return slug;
    }

    private static void answers(TenantId tenant, String slug, String text) {
        post(tenant, run(slug, aText("obey")))
                .then()
                .statusCode(200)
                .body("text", equalTo(text))
                .body("prompt_version_id", not(nullValue()));
    }

    private static RequestSpecification as(TenantId tenant, String role) {
        return given().auth().oauth2(TestTokens.member(tenant, role)).contentType(ContentType.JSON);
    }
}
