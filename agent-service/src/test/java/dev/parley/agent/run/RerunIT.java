package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.read;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static dev.parley.agent.AgentFixtures.value;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.AgentFixtures;
import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class RerunIT {
    @Inject
    RequestSweep sweep;

    @Test
    void theVerySameIsAskedAgainThoughThePromptHasChanged() {
        // Given a reply by a version that was replaced since
        TenantId tenant = aTenant();
        String slug = aSlug("again");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "Old rules.", "provider", "default", "temperature", 0.25)));
        String text = aText("ok");
        Map<String, Object> request = run(slug, text);
        request.put("parameters", Map.of("stop", "END"));
        post(tenant, request).then().statusCode(200);
        JsonNode first = seen(text).at("/body");
        activate(id, draft(id, Map.of("system_prompt", "New rules.", "provider", "default")));

        // When
        Response again = admin(tenant, "owner", "POST", request.get("operation_id") + "/rerun");

        // Then
        again.then()
                .statusCode(201)
                .body("rerun_of", equalTo(request.get("operation_id")))
                .body("text", equalTo("Echo: " + text))
                .body("prompt_version", equalTo(1))
                .body("usage.input_tokens", equalTo(11));
        assertThat(seen(text).at("/calls").asInt()).isEqualTo(2);
        assertThat(seen(text).at("/body")).isEqualTo(first);
        String operation = again.path("id");
        JsonNode event =
                read(events("agent.usage.events", found -> found.value().contains(operation))
                        .getFirst()
                        .value());
        assertThat(event.at("/hold").asText()).isEqualTo("hold." + operation);
        assertThat(event.at("/conversation_id").isNull()).isTrue();
        assertThat(event.at("/quantities/message").asInt()).isOne();
        assertThat(events(
                        "platform.audit.events",
                        found -> found.value().contains("run.rerun")
                                && found.value().contains((String) request.get("operation_id"))))
                .hasSize(1);
    }

    @Test
    void anAdminSeesWhatWasAskedWithoutTheInstructions() {
        TenantId tenant = aTenant();
        String slug = aSlug("seen");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "The secret rules.", "provider", "default")));
        String text = aText("ok");
        Map<String, Object> request = run(slug, text);
        post(tenant, request).then().statusCode(200);
        String path = String.valueOf(request.get("operation_id"));

        admin(tenant, "admin", "GET", path)
                .then()
                .statusCode(200)
                .body("messages", hasSize(1))
                .body("messages[0].content", equalTo(text))
                .body("parameters.model", equalTo("fake-default"))
                .body("parameters.max_tokens", equalTo(500))
                .body("key_owner", equalTo("platform"))
                .body("status", equalTo("finished"))
                .body(not(containsString("secret rules")));
        admin(aTenant(), "owner", "GET", path).then().statusCode(404);
        admin(aTenant(), "owner", "POST", path + "/rerun").then().statusCode(404);
        admin(tenant, "member", "GET", path).then().statusCode(403);
        admin(tenant, "member", "POST", path + "/rerun").then().statusCode(403);
        assertThat(value("""
            select position(convert_to(?, 'UTF8') in asked) from run_request where operation_id = ?
            """, text, UUID.fromString(path))).isEqualTo("0");
    }

    @Test
    void whatIsNotKeptOrNotPaidIsNotMadeAgain() {
        TenantId tenant = aTenant();
        String slug = aSlug("broke");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", "default")));
        String text = aText("ok");
        Map<String, Object> request = run(slug, text);
        post(tenant, request).then().statusCode(200);
        String path = request.get("operation_id") + "/rerun";

        admin(tenant, "owner", "POST", path).then().statusCode(402).body("code", equalTo("CREDITS_EXHAUSTED"));
        execute("delete from run_request where operation_id = ?", UUID.fromString((String)
                request.get("operation_id")));
        admin(tenant, "owner", "POST", path).then().statusCode(409).body("code", equalTo("RUN_NOT_KEPT"));
        assertThat(seen(text).at("/calls").asInt()).isOne();
    }

    @Test
    void aRepetitionHasTheResultsOfTheFunctionsAndCarriesOutNone() {
        // Given a reply after a function
        TenantId tenant = aTenant();
        String slug = aSlug("tools");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", "default")));
        String text = aText("tool");
        Map<String, Object> request = run(slug, text);
        request.put("tools_allowed", List.of("current_time"));
        post(tenant, request).then().statusCode(200);
        JsonNode last = seen(text).at("/body/messages");

        // When
        Response again = admin(tenant, "owner", "POST", request.get("operation_id") + "/rerun");

        // Then
        again.then().statusCode(201).body("text", equalTo("It is done."));
        assertThat(seen(text).at("/calls").asInt()).isEqualTo(3);
        assertThat(seen(text).at("/body/messages")).isEqualTo(last);
        assertThat(last).hasSize(4);
        assertThat(seen(text).at("/body/tool_choice").asText()).isEqualTo("none");
    }

    @Test
    void whoAnsweredIsAskedAgainAndNobodyElse() {
        // Given an answer of the second in the chain
        TenantId tenant = aTenant();
        String second = aSlug("second");
        provider(second, "/v1", List.of());
        String first = aSlug("first");
        provider(first, "/broken/v1", List.of(second + "/small"));
        String slug = aSlug("chain");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", first)));
        String text = aText("ok");
        Map<String, Object> request = run(slug, text);
        post(tenant, request).then().statusCode(200).body("provider", equalTo(second));

        // When / Then
        Response again = admin(tenant, "owner", "POST", request.get("operation_id") + "/rerun");
        again.then().statusCode(201).body("provider", equalTo(second)).body("parameters.model", equalTo("small"));
        assertThat(seen(text).at("/body/model").asText()).isEqualTo("small");
        service(tenant)
                .get("/internal/operations/{id}", (String) again.path("id"))
                .then()
                .body("steps.step", not(hasItem("provider.failed")));
    }

    @Test
    void aFailureGivesTheHoldBack() {
        TenantId tenant = aTenant();
        String slug = aSlug("fails");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", "default")));
        String text = aText("flakyonce");
        Map<String, Object> request = run(slug, text);
        post(tenant, request).then().statusCode(200);

        Response again = admin(tenant, "owner", "POST", request.get("operation_id") + "/rerun");

        again.then().statusCode(502);
        assertThat(seen("released " + again.path("operation_id")).at("/calls").asInt())
                .isOne();
    }

    @Test
    void whatWasAskedIsForgottenAfterAWhile() {
        TenantId tenant = aTenant();
        String slug = aSlug("old");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "x", "provider", "default")));
        Map<String, Object> old = run(slug, aText("ok"));
        Map<String, Object> young = run(slug, aText("ok"));
        post(tenant, old).then().statusCode(200);
        post(tenant, young).then().statusCode(200);
        execute(
                "update run_request set created_at = now() - interval '30 days 1 minute' where operation_id = ?",
                UUID.fromString((String) old.get("operation_id")));

        assertThat(sweep.forget()).isOne();

        admin(tenant, "owner", "POST", old.get("operation_id") + "/rerun")
                .then()
                .statusCode(409)
                .body("code", equalTo("RUN_NOT_KEPT"));
        admin(tenant, "owner", "POST", young.get("operation_id") + "/rerun")
                .then()
                .statusCode(201);
    }

    private static void provider(String name, String path, List<String> fallbacks) {
        AgentFixtures.admin()
                .body(Map.of(
                        "name",
                        name,
                        "kind",
                        "openai",
                        "base_url",
                        ConfigProvider.getConfig().getValue("fake.url", String.class) + path,
                        "models",
                        List.of("m", "small"),
                        "fallbacks",
                        fallbacks))
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(201);
    }

    private static Response admin(TenantId tenant, String role, String method, String path) {
        return given().auth()
                .oauth2(TestTokens.member(tenant, role))
                .contentType("application/json")
                .request(method, "/api/v1/runs/" + path);
    }
}
