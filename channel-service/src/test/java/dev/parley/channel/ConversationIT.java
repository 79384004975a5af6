package dev.parley.channel;

import static dev.parley.channel.Channel.as;
import static dev.parley.channel.Channel.conversation;
import static dev.parley.channel.Channel.member;
import static dev.parley.channel.Channel.newTenant;
import static dev.parley.channel.Channel.send;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(ChannelTestResource.class)
class ConversationIT {
    @Test
    void aConversationIsOpenedAndListedAndItsMessagesToo() {
        TenantId tenant = newTenant();
        String first = conversation(tenant, "concierge");
        String second = conversation(tenant, "slow");
        send(tenant, first, "one").statusCode(201);
        send(tenant, first, "two").statusCode(201);

        member(tenant)
                .get("/api/v1/conversations?limit=1")
                .then()
                .statusCode(200)
                .body("items.id", contains(second))
                .body("items[0].channel", equalTo("web"))
                .body("next_cursor", notNullValue());
        member(tenant)
                .get("/api/v1/conversations")
                .then()
                .statusCode(200)
                .body("items.id", contains(second, first))
                .body("items.agent", contains("slow", "concierge"))
                .body("next_cursor", nullValue());
        String cursor = member(tenant)
                .get("/api/v1/conversations/" + first + "/messages?limit=3")
                .then()
                .statusCode(200)
                .body("items.role", contains("assistant", "user", "assistant"))
                .body("items.text", contains("You said: two", "two", "You said: one"))
                .body("items[1].status", equalTo("answered"))
                .body("items[0].prompt_version", equalTo(7))
                .body("items[0].prompt_version_id", equalTo(Fakes.PROMPT_VERSION))
                .extract()
                .path("next_cursor");
        member(tenant)
                .get("/api/v1/conversations/" + first + "/messages?limit=3&cursor=" + cursor)
                .then()
                .statusCode(200)
                .body("items.text", contains("one"))
                .body("next_cursor", nullValue());
    }

    @Test
    void anAgentThatDoesNotExistOrIsNotInThePlanIsRefused() {
        TenantId tenant = newTenant();

        member(tenant)
                .body(Map.of("agent", "nobody"))
                .post("/api/v1/conversations")
                .then()
                .statusCode(422)
                .body("code", equalTo("AGENT_UNKNOWN"))
                .body("errors[0].pointer", equalTo("/agent"));
        member(tenant)
                .body(Map.of("agent", "premium"))
                .post("/api/v1/conversations")
                .then()
                .statusCode(403)
                .body("code", equalTo("AGENT_NOT_IN_PLAN"))
                .body("policy.reason_code", equalTo("AGENT_NOT_IN_PLAN"))
                .body("policy.rule_id", equalTo("rule-1"))
                .body("policy.limit", equalTo(1000))
                .body("policy.remedy", equalTo("Choose a larger plan."));
        member(tenant).get("/api/v1/conversations").then().body("items", hasSize(0));
    }

    @Test
    void malformedRequestsAreFourHundreds() {
        TenantId tenant = newTenant();

        member(tenant).body("{\"agent\":").post("/api/v1/conversations").then().statusCode(400);
        member(tenant)
                .body("{\"agent\":\"concierge\",\"tenant_id\":\"x\"}")
                .post("/api/v1/conversations")
                .then()
                .statusCode(400)
                .body("detail", equalTo("unknown member: tenant_id"));
        member(tenant).body("{}").post("/api/v1/conversations").then().statusCode(422);
        member(tenant).get("/api/v1/conversations?cursor=%21").then().statusCode(400);
        member(tenant).get("/api/v1/conversations/not-a-uuid/messages").then().statusCode(404);
    }

    @Test
    void scopesAndRolesDecideWhoMay() {
        TenantId tenant = newTenant();
        String body = "{\"agent\":\"concierge\"}";

        RestAssured.given()
                .contentType("application/json")
                .body(body)
                .post("/api/v1/conversations")
                .then()
                .statusCode(401);
        as(TestTokens.apiKey(tenant, "read"))
                .body(body)
                .post("/api/v1/conversations")
                .then()
                .statusCode(403);
        as(TestTokens.apiKey(tenant, "chat"))
                .body(body)
                .post("/api/v1/conversations")
                .then()
                .statusCode(201);
        as(TestTokens.apiKey(tenant, "chat"))
                .get("/api/v1/conversations")
                .then()
                .statusCode(403);
        as(TestTokens.apiKey(tenant, "read"))
                .get("/api/v1/conversations")
                .then()
                .statusCode(200);
        as(TestTokens.member(tenant, "member")).get("/api/v1/channels").then().statusCode(403);
        as(TestTokens.platformAdmin()).get("/api/v1/conversations").then().statusCode(403);
        member(tenant)
                .get("/internal/operations/" + java.util.UUID.randomUUID())
                .then()
                .statusCode(403);
    }
}
