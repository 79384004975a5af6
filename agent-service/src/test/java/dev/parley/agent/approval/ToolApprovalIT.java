package dev.parley.agent.approval;

import static dev.parley.agent.AgentFixtures.aTenant;
import static dev.parley.agent.AgentFixtures.aText;
import static dev.parley.agent.AgentFixtures.events;
import static dev.parley.agent.AgentFixtures.execute;
import static dev.parley.agent.AgentFixtures.post;
import static dev.parley.agent.AgentFixtures.readyAgent;
import static dev.parley.agent.AgentFixtures.run;
import static dev.parley.agent.AgentFixtures.service;
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
                .body("status", equalTo("used"))
                .body("outcome", equalTo("done"))
                .body("result", equalTo("Paid."))
                .body("decided_by", notNullValue());

        // Then it is done, and another amount, another conversation and another tenant still wait
        assertThat(paid(conversation)).containsExactly(conversation + " 500");
        post(tenant, wanting(agent, conversation, 501)).then().statusCode(200);
        post(tenant, wanting(agent, UUID.randomUUID().toString(), 500)).then().statusCode(200);
        post(aTenant(), wanting(agent, conversation, 500)).then().statusCode(200);
        assertThat(paid(conversation)).containsExactly(conversation + " 500");
        // and the result is given to one run that wants it again; the next one asks anew
        assertThat(outcome(tenant, wanting(agent, conversation, 500))).isEqualTo("DONE Paid.");
        assertThat(outcome(tenant, wanting(agent, conversation, 500))).startsWith("DENIED A person has to approve");
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
        execute("update tool_approval set expires_at = now() where id = ?", UUID.fromString(late));

        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/approve", late)
                .then()
                .statusCode(409)
                .body("code", equalTo("TOOL_APPROVAL_CLOSED"));

        assertThat(paid(conversation)).isEmpty();
        as(tenant, "admin")
                .get("/api/v1/tool-approvals?status=expired")
                .then()
                .body("items.id", equalTo(List.of(late)));
    }

    @Test
    void whatNobodySawTheEndOfIsNotDoneAgain() {
        // Given a process that died while it did what was approved
        TenantId tenant = aTenant();
        String conversation = UUID.randomUUID().toString();
        String agent = readyAgent();
        post(tenant, wanting(agent, conversation, 8)).then().statusCode(200);
        String id = first(tenant);
        execute(
                "update tool_approval set status = 'approved', decided_at = now(), decided_by = 'somebody' where id = ?",
                UUID.fromString(id));

        // Then who wants it meanwhile is told that it is under way, and afterwards nobody does it again
        assertThat(outcome(tenant, wanting(agent, conversation, 8))).startsWith("DENIED A person approved this");
        execute("update tool_approval set expires_at = now() where id = ?", UUID.fromString(id));
        as(tenant, "admin").get("/api/v1/tool-approvals?status=unknown").then().body("items.id", equalTo(List.of(id)));
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/approve", id)
                .then()
                .statusCode(409);
        // and who wants it again is told so once, and then a person is asked anew
        assertThat(outcome(tenant, wanting(agent, conversation, 8)))
                .startsWith("UNKNOWN A person approved this before.");
        assertThat(outcome(tenant, wanting(agent, conversation, 8))).startsWith("DENIED A person has to approve");
        assertThat(paid(conversation)).isEmpty();
    }

    @Test
    void aConversationAsksForTenThingsAtATime() {
        // Given ten that wait
        TenantId tenant = aTenant();
        String agent = readyAgent();
        String conversation = UUID.randomUUID().toString();
        for (int amount = 1; amount <= 10; amount++) {
            post(tenant, wanting(agent, conversation, amount)).then().statusCode(200);
        }

        // When / Then nobody is asked for one more
        assertThat(outcome(tenant, wanting(agent, conversation, 11))).startsWith("DENIED Nobody was asked");
        as(tenant, "admin")
                .get("/api/v1/tool-approvals?status=pending&limit=50")
                .then()
                .statusCode(200)
                .body("items", hasSize(10));
        // and what waits still waits, and other conversations ask
        assertThat(outcome(tenant, wanting(agent, conversation, 10))).startsWith("DENIED A person has to approve");
        assertThat(outcome(tenant, wanting(agent, UUID.randomUUID().toString(), 11)))
                .startsWith("DENIED A person has to approve");
        // until something is decided
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/reject", first(tenant))
                .then()
                .statusCode(200);
        as(tenant, "admin")
                .post("/api/v1/tool-approvals/{id}/reject", first(tenant))
                .then()
                .statusCode(200);
        assertThat(outcome(tenant, wanting(agent, conversation, 11))).startsWith("DENIED A person has to approve");
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

    /** What became of the call in a run, and what the model was told. */
    private static String outcome(TenantId tenant, Map<String, Object> request) {
        post(tenant, request).then().statusCode(200);
        return service(tenant)
                .get("/internal/operations/" + request.get("operation_id"))
                .then()
                .extract()
                .<String>path("steps.find { it.step == 'tool.called' }.detail.with { it.outcome + ' ' + it.result }");
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
