package dev.parley.agent.provider;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static dev.parley.agent.AgentFixtures.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.parley.agent.FakeVendors;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class ProviderAdminResourceIT {
    private static final String KEY = "sk-very-secret-4711";

    @Test
    void aKeyIsUsedButNeverShownNorStoredInClear() {
        // Given
        String name = aSlug("own");
        String created = create(name, "openai", "/v1", List.of("big-1", "small-1"));
        String text = aText("ok");

        // When
        String agent = readyAgent(Map.of("system_prompt", "Hi", "provider", name, "max_tokens", 77));
        post(aTenant(), run(agent, text)).then().statusCode(200).body("provider", equalTo(name));

        // Then
        assertThat(seen(text).at("/authorization").asText()).isEqualTo("Bearer " + KEY);
        assertThat(seen(text).at("/body/model").asText()).isEqualTo("big-1");
        assertThat(seen(text).at("/body/max_tokens").asInt()).isEqualTo(77);
        assertThat(created).doesNotContain(KEY).contains("\"api_key_set\":true");
        admin().get("/api/v1/admin/providers").then().statusCode(200).body(not(containsString(KEY)));
        assertThat(value("select position(? in encode(api_key, 'escape')) from llm_provider where name = ?", KEY, name))
                .isEqualTo("0");
        var audit = events("platform.audit.events", event -> event.value().contains("\"" + name + "\""));
        assertThat(audit).isNotEmpty();
        assertThat(audit).noneMatch(event -> event.value().contains(KEY));
        assertThat(value("select count(*) from outbox_event where payload::text like '%' || ? || '%'", KEY))
                .isEqualTo("0");
    }

    @Test
    void theDefaultExistsWithoutSetupAndNamesAreUnique() {
        admin().get("/api/v1/admin/providers")
                .then()
                .statusCode(200)
                .body("items.find { it.name == 'default' }.kind", equalTo("openai"))
                .body("items.find { it.name == 'default' }.source", equalTo("environment"))
                .body("items.find { it.name == 'demo' }.kind", equalTo("demo"));
        String name = aSlug("twice");
        create(name, "demo", null, List.of());
        refused(Map.of("name", name, "kind", "demo"), 409, "PROVIDER_NAME_TAKEN");
        refused(Map.of("name", "default", "kind", "demo"), 409, "PROVIDER_NAME_TAKEN");
        refused(Map.of("name", aSlug("x"), "kind", "oracle"), 422, "PROVIDER_INVALID");
        refused(Map.of("name", aSlug("x"), "kind", "openai", "base_url", "file:///etc"), 422, "PROVIDER_INVALID");
        refused(Map.of("name", aSlug("x"), "kind", "openai", "api_key", "two\nlines"), 422, "VALIDATION_FAILED");
    }

    @Test
    void aModelThatTheProviderDoesNotOfferIsRefused() {
        String name = aSlug("narrow");
        create(name, "openai", "/v1", List.of("big-1"));
        String id = dev.parley.agent.AgentFixtures.createAgent(aSlug("narrow"));
        admin().body(Map.of("system_prompt", "x", "provider", name, "model", "big-2"))
                .post("/api/v1/admin/agents/{id}/prompt-versions", id)
                .then()
                .statusCode(422)
                .body("code", equalTo("PROMPT_VERSION_INVALID"));
    }

    @Test
    void anthropicAnswersWholeAndInPieces() {
        // Given
        String name = aSlug("claude");
        create(name, "anthropic", "/anthropic/v1", List.of("claude-fake"));
        String agent = readyAgent(Map.of("system_prompt", "Be kind", "provider", name, "temperature", 0.3));
        String text = aText("ok");

        // When / Then
        post(aTenant(), run(agent, text))
                .then()
                .statusCode(200)
                .body("text", equalTo("Echo: " + text))
                .body("finish_reason", equalTo("length"))
                .body("model", equalTo("claude-fake"))
                .body("usage.input_tokens", equalTo(21))
                .body("usage.output_tokens", equalTo(9))
                .body("usage.estimated", equalTo(false));
        assertThat(seen(text).at("/api_key").asText()).isEqualTo(KEY);
        assertThat(seen(text).at("/version").asText()).isEqualTo("2023-06-01");
        assertThat(seen(text).at("/body/system").toString()).contains("Be kind");
        assertThat(seen(text).at("/body/max_tokens").asInt()).isEqualTo(500);
        String stream = streamed(run(agent, text));
        assertThat(stream).contains("event:delta").contains("event:result").contains("\"output_tokens\":9");
        assertThat(stream).contains("\"finish_reason\":\"stop\"").contains("Echo: " + text);
    }

    @Test
    void anthropicFailuresAreFailures() {
        String name = aSlug("claude");
        create(name, "anthropic", "/anthropic/v1", List.of("claude-fake"));
        String agent = readyAgent(Map.of("system_prompt", "Be kind", "provider", name));
        for (String mode : List.of("cut", "500")) {
            String text = aText(mode);
            post(aTenant(), run(agent, text)).then().statusCode(502).body("code", equalTo("PROVIDER_FAILED"));
            assertThat(seen(text).at("/calls").asInt()).isEqualTo(mode.equals("500") ? 3 : 1);
        }
        for (String mode : List.of("cut", "errorframe")) {
            String stream = streamed(run(agent, aText(mode)));
            assertThat(stream)
                    .contains("event:problem")
                    .contains("PROVIDER_FAILED")
                    .doesNotContain("event:result");
        }
    }

    private static String streamed(Map<String, Object> request) {
        return service(aTenant())
                .accept("text/event-stream")
                .body(request)
                .post("/internal/runs")
                .then()
                .statusCode(200)
                .contentType("text/event-stream")
                .extract()
                .asString();
    }

    private static String create(String name, String kind, String path, List<String> models) {
        Map<String, Object> body = new java.util.HashMap<>(Map.of("name", name, "kind", kind, "models", models));
        if (path != null) {
            body.put("base_url", ConfigProvider.getConfig().getValue("fake.url", String.class) + path);
            body.put("api_key", KEY);
        }
        return admin().body(body)
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(201)
                .contentType(ContentType.JSON)
                .extract()
                .asString();
    }

    private static void refused(Map<String, ?> body, int status, String code) {
        admin().body(body)
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(status)
                .body("code", equalTo(code));
    }
}
