package dev.parley.billing.usage;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class UsageIT {
    private static String settled(UUID operation, String agent, String at, int tokens) {
        return """
                {"operation_id":"%1$s","agent":"%2$s","channel":"web","user_id":"u1",
                 "conversation_id":"thread 7","settled_at":"%3$s","credits":3,"lines":[
                  {"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":1,"estimated":false},
                  {"usage_id":"%1$s-t","meter":"llm.output_tokens","quantity":%4$d,"credits":2,"estimated":true}],
                 "something_new":true}
                """.formatted(operation, agent, at, tokens);
    }

    private static void publish(TenantId tenant, String payload, UUID id) {
        Events.publish("policy.usage.events", "policy.usage-settled.v1", tenant, payload, id);
    }

    @Test
    void usageIsBookedOnceHoweverOftenItComes() {
        TenantId tenant = tenantInTrial();
        UUID operation = UUID.randomUUID();
        UUID event = UUID.randomUUID();
        String payload = settled(operation, "concierge", "2026-11-20T10:00:00Z", 700);

        publish(tenant, payload, event);
        publish(tenant, payload, event);
        publish(tenant, payload, UUID.randomUUID());

        eventually(() -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant
                        + "' and consumer = 'billing-service.book-usage'"))
                .isEqualTo(2));
        assertThat(ledger(tenant, "credits:available")).isEqualTo(997);
        assertThat(ledger(tenant, "credits:consumed")).isEqualTo(3);
        assertThat(count("select coalesce(sum(credits), 0) from app.ledger_entry where tenant_id = '" + tenant + "'"))
                .isZero();
        assertThat(count("select count(*) from app.usage_log where tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        as(TestTokens.service(tenant, "channel-service"))
                .get("/internal/operations/" + operation)
                .then()
                .statusCode(200)
                .body("steps", hasSize(1))
                .body("steps[0].service", equalTo("billing-service"))
                .body("steps[0].step", equalTo("ledger.usage"))
                .body("steps[0].detail.credits", equalTo(3));
    }

    @Test
    void theLogIsPagedFilteredAndSummedUp() {
        TenantId tenant = tenantInTrial();
        for (int i = 0; i < 5; i++) {
            publish(
                    tenant,
                    settled(UUID.randomUUID(), i < 3 ? "concierge" : "sales", "2026-11-1" + i + "T10:00:00Z", 100),
                    UUID.randomUUID());
        }
        eventually(() -> assertThat(count("select count(*) from app.usage_log where tenant_id = '" + tenant + "'"))
                .isEqualTo(10));

        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            JsonPath page = owner(tenant)
                    .queryParam("limit", 3)
                    .queryParam("cursor", cursor)
                    .get("/api/v1/usage")
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            seen.addAll(page.getList("items.usage_id"));
            cursor = page.getString("next_cursor");
        } while (cursor != null);
        assertThat(seen).hasSize(10).doesNotHaveDuplicates();

        owner(tenant)
                .queryParam("from", "2026-11-12")
                .queryParam("to", "2026-11-13T10:00:00Z")
                .queryParam("agent", "concierge")
                .get("/api/v1/usage")
                .then()
                .body("items", hasSize(2))
                .body("items[0].at", equalTo("2026-11-12T10:00:00Z"))
                .body("items[0].meter", equalTo("llm.output_tokens"))
                .body("items[0].quantity", equalTo(100))
                .body("items[0].estimated", equalTo(true));
        owner(tenant)
                .queryParam("from", "2026-11-01")
                .queryParam("group_by", "agent")
                .get("/api/v1/usage/summary")
                .then()
                .body("credits", equalTo(15))
                .body("items.find { it.key == 'sales' }.credits", equalTo(6))
                .body("items.find { it.key == 'sales' }.operations", equalTo(2))
                .body("items.find { it.key == 'sales' }.quantity", nullValue());
        owner(tenant)
                .queryParam("from", "2026-11-01")
                .queryParam("group_by", "meter")
                .get("/api/v1/usage/summary")
                .then()
                .body("items.find { it.key == 'llm.output_tokens' }.quantity", equalTo(500));
        owner(tenant)
                .queryParam("from", "2026-11-01")
                .get("/api/v1/usage/summary")
                .then()
                .body(
                        "items.key",
                        equalTo(List.of("2026-11-10", "2026-11-11", "2026-11-12", "2026-11-13", "2026-11-14")));
        owner(tenant)
                .queryParam("from", "yesterday")
                .get("/api/v1/usage")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/from"));
        owner(tenant)
                .queryParam("group_by", "tenant_id")
                .get("/api/v1/usage/summary")
                .then()
                .statusCode(422);
        owner(tenant).queryParam("cursor", "%%%").get("/api/v1/usage").then().statusCode(400);
    }

    @Test
    void theLogComesAsCsvOfAnyLength() {
        TenantId tenant = tenantInTrial();
        Billing.sql("""
                insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity, credits,
                    estimated)
                select '%s', 'u' || n, gen_random_uuid(), timestamptz '2026-11-01' + n * interval '1 second',
                    case when n = 1 then '=cmd|x' else 'concierge' end, 'web', 'message', 1, 2, false
                from generate_series(1, 2500) n
                """.formatted(tenant));

        String csv = owner(tenant)
                .header("Accept", "text/csv")
                .get("/api/v1/usage")
                .then()
                .statusCode(200)
                .contentType("text/csv")
                .header("Content-Disposition", "attachment; filename=\"parley-usage.csv\"")
                .extract()
                .asString();
        String[] lines = csv.split("\r\n");
        assertThat(lines).hasSize(2_501);
        assertThat(lines[0]).isEqualTo("usage_id,operation_id,at,agent,channel,meter,quantity,credits,estimated");
        assertThat(lines[1]).startsWith("u2500,").endsWith(",2026-11-01T00:41:40Z,concierge,web,message,1,2,false");
        assertThat(lines[2_500]).startsWith("u1,").contains(",'=cmd|x,");
        assertThat(List.of(lines)).doesNotHaveDuplicates();
        assertThat(owner(tenant)
                        .header("Accept", "text/csv")
                        .queryParam("to", "2026-11-01T00:00:03Z")
                        .get("/api/v1/usage")
                        .asString()
                        .split("\r\n"))
                .hasSize(3);
        owner(tenant)
                .header("Accept", "application/json, text/csv;q=0.5")
                .get("/api/v1/usage")
                .then()
                .body("items", hasSize(50));
    }

    @Test
    void staffGiveAReasonAndLeaveATrace() {
        TenantId tenant = tenantInTrial();
        String path = "/api/v1/admin/tenants/" + tenant;

        staff().get(path + "/usage").then().statusCode(400).body("code", equalTo("ACCESS_REASON_REQUIRED"));
        staff().get(path + "/subscription").then().statusCode(400);
        staff().header("X-Access-Reason", "ticket 7")
                .get(path + "/usage")
                .then()
                .statusCode(200);
        staff().header("X-Access-Reason", "ticket 8")
                .get(path + "/subscription")
                .then()
                .statusCode(200)
                .body("plan", equalTo("free"));

        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " because of "
                        + event.data().get("reason").asText())
                .containsExactly(
                        "subscription.start because of trial-started",
                        "usage.read because of ticket 7",
                        "subscription.read because of ticket 8"));
    }

    @Test
    void anAdjustmentIsALotInTheLedgerAndTheAuditTrail() {
        TenantId tenant = tenantInTrial();
        String path = "/api/v1/admin/tenants/" + tenant + "/credit-adjustments";

        for (int i = 0; i < 3; i++) {
            staff().header("Idempotency-Key", "once-" + tenant)
                    .body("{\"credits\":250,\"reason\":\"sorry\"}")
                    .post(path)
                    .then()
                    .statusCode(201)
                    .body("source", equalTo("adjustment"))
                    .body("credits", equalTo(250));
            // As after a crash between the grant and its answer.
            Billing.sql("delete from app.idempotency_record where key = 'once-" + tenant + "'");
        }
        for (String wrong : List.of("0", "-1000000001", "1000000001")) {
            staff().body("{\"credits\":" + wrong + ",\"reason\":\"x\"}")
                    .post(path)
                    .then()
                    .statusCode(422);
        }
        staff().body("{\"credits\":5,\"reason\":\" \"}").post(path).then().statusCode(422);

        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_250);
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " because of "
                        + event.data().get("reason").asText())
                .containsExactly("subscription.start because of trial-started", "credits.adjust because of sorry"));
    }

    @Test
    void aLotThatPolicyClosedIsBookedAsExpiredOnce() {
        TenantId tenant = tenantInTrial();
        eventually(() ->
                assertThat(Events.of("billing.subscription.events", tenant)).hasSize(2));
        String lot = Events.of("billing.subscription.events", tenant)
                .getFirst()
                .data()
                .get("lot_id")
                .asText();
        String payload = "{\"lot_id\":\"" + lot + "\",\"unspent\":400}";

        Events.publish("policy.usage.events", "policy.lot-closed.v1", tenant, payload);
        Events.publish("policy.usage.events", "policy.lot-closed.v1", tenant, payload);

        eventually(() -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant
                        + "' and consumer = 'billing-service.book-usage'"))
                .isEqualTo(2));
        assertThat(ledger(tenant, "credits:expired")).isEqualTo(400);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(600);
    }
}
