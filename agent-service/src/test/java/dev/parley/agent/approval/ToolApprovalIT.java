package dev.parley.agent.approval;

import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.agent.FakeVendors;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
@QuarkusTestResource(FakeVendors.class)
class ToolApprovalIT {
    @Test
    void whatAPersonApprovesIsDoneOnceAndExactly() {
        // Given an agent that wants to pay back
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        post(tenant, wanting(agent, conversation, 500)).then().statusCode(200);
        post(tenant, wanting(agent, conversation, 500)).then().statusCode(200);
        assertThat(paid(conversation)).isEmpty();

        // When a person approves what was asked for, once however often that was
        String id = as(tenant, "admin")
                .get("/api/v1/tool-approvals?status=pending")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].tool", equalTo("pay_back"))
                .body("items[0].arguments.amount", equalTo(500))
                .body("items[0].conversation_id", equalTo(conversation))
                .extract()
                .path("items[0].id");
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/approve", id)
                .then()
                .statusCode(200)
                .body("status", equalTo("approved"))
                .body("decided_by", notNullValue());

        // Then another amount, another conversation and another tenant still wait
        post(tenant, wanting(agent, conversation, 501)).then().statusCode(200);
        post(tenant, wanting(agent, UUID.randomUUID().toString(), 500)).then().statusCode(200);
        post(aTenant(), wanting(agent, conversation, 500)).then().statusCode(200);
        assertThat(paid(conversation)).isEmpty();
        post(tenant, wanting(agent, conversation, 500)).then().statusCode(200);
        post(tenant, wanting(agent, conversation, 500)).then().statusCode(200);
        assertThat(paid(conversation)).containsExactly(conversation + " 500");
        as(tenant, "admin").get("/api/v1/tool-approvals?status=used").then().body("items.id", equalTo(List.of(id)));
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/approve", id)
                .then()
                .statusCode(409)
                .body("code", equalTo("TOOL_APPROVAL_CLOSED"));
        assertThat(events(
                        "platform.audit.events",
                        event -> event.value().contains("tool-approval.approve")
                                && event.value().contains(id)))
                .hasSize(1);
    }

    @Test
    void whatWasRejectedOrIsTooOldIsNotDone() {
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        post(tenant, wanting(agent, conversation, 7)).then().statusCode(200);
        String rejected = first(tenant);
        as(tenant, "owner")
                .post("/api/v1/tool-approvals/{id}/reject", rejected)
                .then()
                .statusCode(200)
                .body("status", equalTo("rejected"));
        post(tenant, wanting(agent, conversation, 7)).then().statusCode(200);
        String late = first(tenant);
        assertThat(late).isNotEqualTo(rejected);
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/approve", late)
                .then()
                .statusCode(200);
        execute("update tool_approval set expires_at = now() where id = ?", UUID.fromString(late));

        post(tenant, wanting(agent, conversation, 7)).then().statusCode(200);

        assertThat(paid(conversation)).isEmpty();
        as(tenant, "admin").get("/api/v1/tool-approvals?status=approved").then().body("items", empty());
    }

    @Test
    void approvalsAreForTheTenantsAdmins() {
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        post(tenant, wanting(readyAgent(), conversation, 9)).then().statusCode(200);
        String id = first(tenant);

        as(tenant, "member").get("/api/v1/tool-approvals").then().statusCode(403);
        as(tenant, "member")
                .post("/api/v1/tool-approvals/{id}/approve", id)
                .then()
                .statusCode(403);
        as(aTenant(), "owner").get("/api/v1/tool-approvals").then().body("items", empty());
        as(aTenant(), "owner")
                .post("/api/v1/tool-approvals/{id}/approve", id)
                .then()
                .statusCode(404);
        as(aTenant(), "owner")
                .post("/api/v1/tool-approvals/{id}/reject", id)
                .then()
                .statusCode(404);
    }

    private static String first(TenantId tenant) {
        return as(tenant, "admin")
                .get("/api/v1/tool-approvals?status=pending")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");
    }

    private static List<String> paid(String conversation) {
        return PayBackTool.PAID.stream()
                .filter(paid -> paid.startsWith(conversation))
                .toList();
    }

    private static Map<String, Object> wanting(String agent, String conversation, int amount) {
        Map<String, Object> request = run(agent, "pay " + amount + " " + aText(""));
        request.put("conversation_id", conversation);
        request.put("tools_allowed", List.of("pay_back"));
        return request;
    }

    private static RequestSpecification as(TenantId tenant, String role) {
        return given().auth().oauth2(TestTokens.member(tenant, role)).contentType("application/json");
    }
}
