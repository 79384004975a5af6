package dev.parley.agent.catalogue;

import static dev.parley.agent.AgentFixtures.aSlug;
import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.activate;
import static dev.parley.agent.AgentFixtures.admin;
import static dev.parley.agent.AgentFixtures.createAgent;
import static dev.parley.agent.AgentFixtures.draft;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.service;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class AgentResourceIT {
    @Test
    void tenantsSeeWhatPolicyAllowsThemAndWhyNot() {
        // Given
        String open = aSlug("open");
        String locked = aSlug("locked");
        String unready = aSlug("unready");
        for (String slug : new String[] {open, locked}) {
            String id = createAgent(slug);
            activate(id, draft(id, Map.of("system_prompt", "Hi", "provider", "demo")));
        }
        createAgent(unready);

        // When / Then
        given().auth()
                .oauth2(TestTokens.member(aTenant(), "member"))
                .get("/api/v1/agents")
                .then()
                .statusCode(200)
                .body("items.find { it.slug == '" + open + "' }.allowed", equalTo(true))
                .body("items.find { it.slug == '" + open + "' }.reason_code", nullValue())
                .body("items.find { it.slug == '" + locked + "' }.allowed", equalTo(false))
                .body("items.find { it.slug == '" + locked + "' }.reason_code", equalTo("AGENT_NOT_IN_PLAN"))
                .body("items.find { it.slug == '" + unready + "' }.allowed", equalTo(false))
                .body("items.find { it.slug == '" + unready + "' }.reason_code", equalTo("AGENT_NOT_READY"));
        service(aTenant())
                .get("/internal/agents")
                .then()
                .statusCode(200)
                .body("items.find { it.slug == '" + open + "' }.ready", equalTo(true))
                .body("items.find { it.slug == '" + unready + "' }.ready", equalTo(false));
    }

    @Test
    void apiKeysNeedAScopeAndStaffNeedsATenant() {
        given().auth()
                .oauth2(TestTokens.apiKey(aTenant(), "chat"))
                .get("/api/v1/agents")
                .then()
                .statusCode(200);
        given().auth()
                .oauth2(TestTokens.apiKey(aTenant(), "read"))
                .get("/api/v1/agents")
                .then()
                .statusCode(200);
        given().auth()
                .oauth2(TestTokens.apiKey(aTenant(), "write"))
                .get("/api/v1/agents")
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(TestTokens.platformAdmin())
                .get("/api/v1/agents")
                .then()
                .statusCode(403)
                .body("code", equalTo("NO_TENANT"));
        given().get("/api/v1/agents").then().statusCode(401);
    }

    @Test
    void withoutPolicyNothingIsDecided() {
        String slug = aSlug("open");
        String id = createAgent(slug);
        activate(id, draft(id, Map.of("system_prompt", "Hi", "provider", "demo")));

        given().auth()
                .oauth2(TestTokens.member(TenantId.of(FakeVendors.TENANT_WITHOUT_POLICY), "owner"))
                .get("/api/v1/agents")
                .then()
                .statusCode(503)
                .header("Retry-After", "1");
    }

    @Test
    void slugsAreUniqueAndChecked() {
        String slug = aSlug("once");
        createAgent(slug);
        admin().body(Map.of("slug", slug, "name", "Again"))
                .post("/api/v1/admin/agents")
                .then()
                .statusCode(409)
                .body("code", equalTo("AGENT_SLUG_TAKEN"));
        admin().body(Map.of("slug", "Not A Slug", "name", "X"))
                .post("/api/v1/admin/agents")
                .then()
                .statusCode(422)
                .body("errors.pointer", hasItem("/slug"));
        admin().body(Map.of("slug", aSlug("x"), "name", "X", "color", "red"))
                .post("/api/v1/admin/agents")
                .then()
                .statusCode(400);
        given().auth()
                .oauth2(TestTokens.member(aTenant(), "owner"))
                .contentType("application/json")
                .body(Map.of("slug", aSlug("x"), "name", "X"))
                .post("/api/v1/admin/agents")
                .then()
                .statusCode(403);
    }

    @Test
    void changesAreAuditedWithBeforeAndAfter() {
        // Given
        String id = createAgent(aSlug("renamed"));

        // When
        admin().body(Map.of("name", "New name", "status", "disabled"))
                .patch("/api/v1/admin/agents/{id}", id)
                .then()
                .statusCode(200)
                .body("name", equalTo("New name"))
                .body("description", equalTo("Says things"))
                .body("status", equalTo("disabled"));

        // Then
        var audit = events(
                "platform.audit.events",
                event -> event.value().contains(id) && event.value().contains("agent.change"));
        assertThat(audit).hasSize(1);
        var entry = dev.parley.agent.AgentFixtures.read(audit.getFirst().value());
        assertThat(entry.at("/actor").asText()).isEqualTo("staff");
        assertThat(entry.at("/before/status").asText()).isEqualTo("active");
        assertThat(entry.at("/after/status").asText()).isEqualTo("disabled");
        admin().body(Map.of("name", "Nobody"))
                .patch("/api/v1/admin/agents/{id}", "0190dead-0000-7000-8000-000000000009")
                .then()
                .statusCode(404)
                .body("code", equalTo("AGENT_NOT_FOUND"));
    }

    @Test
    void staffLooksAtATenantsAgentsOnlyWithAReasonAndLeavesATrace() {
        TenantId tenant = aTenant();
        admin().get("/api/v1/admin/tenants/{id}/agents", tenant.toString())
                .then()
                .statusCode(400)
                .body("code", equalTo("ACCESS_REASON_REQUIRED"));

        admin().header("X-Access-Reason", "ticket 7")
                .get("/api/v1/admin/tenants/{id}/agents", tenant.toString())
                .then()
                .statusCode(200);

        var audit = events("platform.audit.events", event -> event.value().contains(tenant.toString()));
        assertThat(audit).hasSize(1);
        assertThat(audit.getFirst().value()).contains("ticket 7").contains("tenant-agents.read");
    }
}
