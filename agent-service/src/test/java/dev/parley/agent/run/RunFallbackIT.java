package dev.parley.agent.run;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.eventually;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.seen;
import static dev.parley.agent.AgentFixtures.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class RunFallbackIT {
    @Test
    void theNextProviderAnswersAndTheTraceSaysWhy() {
        // Given
        TenantId tenant = aTenant();
        String broken = provider("broken", "/broken/v1", List.of("default/other-model"));
        String text = aText("ok");
        Map<String, Object> request = run(agentOn(broken), text);

        // When
        post(tenant, request).then().statusCode(200).body("provider", equalTo("default"));

        // Then it did not wait for the first one, to ask it again after the three seconds that it asked for
        assertThat(seen("broken " + text).at("/calls").asInt()).isOne();
        assertThat(seen(text).at("/body/model").asText()).isEqualTo("other-model");
        service(tenant)
                .get("/internal/operations/{id}", request.get("operation_id"))
                .then()
                .body("steps.step", hasItems("provider.failed", "provider.called", "run.finished"))
                .body("steps.find { it.step == 'provider.failed' }.detail.provider", equalTo(broken))
                .body("steps.find { it.step == 'provider.failed' }.detail.reason", equalTo("FAILED"))
                .body("steps.find { it.step == 'provider.called' }.detail.provider", equalTo("default"));
    }

    @Test
    void aStreamThatBreaksOffAfterItsFirstPieceIsAProblemAndNoOtherAnswer() {
        String half = provider("half", "/half/v1", List.of("default"));
        String text = aText("ok");

        String stream = service(aTenant())
                .accept("text/event-stream")
                .body(run(agentOn(half), text))
                .post("/internal/runs")
                .asString();

        assertThat(stream).contains("Half an").contains("event:problem").doesNotContain("Echo");
        assertThat(seen(text).at("/calls").asInt()).isZero();
    }

    @Test
    void aChangedChainCountsWithinSecondsAndNonsenseIsRefused() {
        // Given
        String broken = provider("broken", "/broken/v1", List.of());
        String id =
                admin().get("/api/v1/admin/providers?limit=200").path("items.find { it.name == '" + broken + "' }.id");
        String agent = agentOn(broken);
        post(aTenant(), run(agent, aText("ok"))).then().statusCode(502);

        // When
        admin().body(Map.of("fallbacks", List.of("default")))
                .patch("/api/v1/admin/providers/" + id)
                .then()
                .statusCode(200)
                .body("fallbacks", equalTo(List.of("default")));

        // Then
        eventually(() -> post(aTenant(), run(agent, aText("ok"))), answer -> answer.statusCode() == 200)
                .then()
                .body("provider", equalTo("default"));
        for (String nonsense : List.of("nobody", "nobody/model", broken)) {
            admin().body(Map.of("fallbacks", List.of(nonsense)))
                    .patch("/api/v1/admin/providers/" + id)
                    .then()
                    .statusCode(422)
                    .body("code", equalTo("PROVIDER_INVALID"))
                    .body("detail", containsString(nonsense.equals(broken) ? "itself" : "nobody"));
        }
        admin().body(Map.of("fallbacks", List.of("Not A Name")))
                .patch("/api/v1/admin/providers/" + id)
                .then()
                .statusCode(422);
    }

    private static String agentOn(String provider) {
        return readyAgent(Map.of("system_prompt", "Be kind.", "provider", provider, "model", "fake-model"));
    }

    private static String provider(String prefix, String path, List<String> fallbacks) {
        String name = aSlug(prefix);
        admin().body(Map.of(
                        "name",
                        name,
                        "kind",
                        "openai",
                        "base_url",
                        ConfigProvider.getConfig().getValue("fake.url", String.class) + path,
                        "api_key",
                        "sk-of-" + name,
                        "fallbacks",
                        fallbacks))
                .post("/api/v1/admin/providers")
                .then()
                .statusCode(201);
        return name;
    }
}
