package dev.parley.billing.closing;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class ClosingIT {
    private static final String PATH = "/api/v1/credits/history/verification";

    @Inject
    ClosingProbe closing;

    /** A transfer as it would have been booked some days ago, with its line in the usage log. */
    private static UUID booked(TenantId tenant, int daysAgo, long credits) {
        Instant at = Instant.now().minus(daysAgo, ChronoUnit.DAYS);
        UUID id = new UUID(at.toEpochMilli() << 16 | 0x7000, UUID.randomUUID().getLeastSignificantBits());
        UUID operation = UUID.randomUUID();
        sql("""
                insert into app.ledger_transfer (tenant_id, id, source_key, kind, debit_account, credit_account, credits,
                    operation_id, occurred_at, created_at)
                values ('%1$s', '%2$s', 'usage:%3$s', 'usage', 'credits:available', 'credits:consumed', %4$d, '%3$s',
                    '%5$s', '%5$s')
                """.formatted(tenant, id, operation, credits, at));
        sql("""
                insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity, credits,
                    estimated)
                values ('%1$s', '%2$s', '%2$s', '%4$s', 'concierge', 'web', 'message', %3$d, %3$d, false)
                """.formatted(tenant, operation, credits, at));
        return id;
    }

    @Test
    void daysAreClosedOnceAndTamperingIsFoundByDay() {
        TenantId tenant = tenantInTrial();
        UUID first = booked(tenant, 3, 7);
        booked(tenant, 3, 8);
        booked(tenant, 2, 9);

        closing.run();
        closing.run();

        assertThat(count("select count(*) from app.ledger_close where tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        assertThat(text("select balances ->> 'credits:consumed' from app.ledger_close where tenant_id = '" + tenant
                        + "' order by day desc limit 1"))
                .isEqualTo("24");
        assertThat(count("select count(*) from app.ledger_close where faulty and tenant_id = '" + tenant + "'"))
                .isZero();
        owner(tenant)
                .get(PATH)
                .then()
                .statusCode(200)
                .body("intact", equalTo(true))
                .body("days", equalTo(2))
                .body("transfers", equalTo(3));
        String head = owner(tenant).get(PATH).path("head");
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .filteredOn(event -> event.data().get("action").asText().equals("ledger.close"))
                .extracting(event -> event.data().get("after").get("hash").asText())
                .hasSize(2)
                .contains(head));

        sql("update app.ledger_transfer set credits = 6 where id = '" + first + "'");
        staff().get("/api/v1/admin/tenants/" + tenant + "/ledger/verification")
                .then()
                .statusCode(400);
        staff().header("X-Access-Reason", "proof")
                .get("/api/v1/admin/tenants/" + tenant + "/ledger/verification")
                .then()
                .statusCode(200)
                .body("intact", equalTo(false))
                .body("findings", hasSize(1))
                .body("findings[0].fault", equalTo("TRANSFER_ALTERED"))
                .body(
                        "findings[0].day",
                        equalTo(Instant.now()
                                .minus(3, ChronoUnit.DAYS)
                                .toString()
                                .substring(0, 10)));
    }

    @Test
    void aDayThatCannotBeProvenSaysSoAndRaisesTheAlarm() {
        TenantId tenant = tenantInTrial();
        UUID right = booked(tenant, 5, 10);
        UUID wrong = booked(tenant, 4, 10);
        assertThat(closing.close(tenant)).isEqualTo(2);
        booked(tenant, 3, 10);
        // The log says ten, the ledger eleven; and an entry of a closed day is gone.
        UUID unlike = booked(tenant, 2, 10);
        sql("update app.ledger_transfer set credits = 11 where id = '" + unlike + "'");
        sql("delete from app.ledger_transfer where id = '" + wrong + "'");

        closing.run();

        JsonPath faults = JsonPath.from(
                text("select jsonb_agg(faults order by day)::text from app.ledger_close where tenant_id = '" + tenant
                        + "' and faulty"));
        assertThat(faults.getList("[0].proof")).contains("CARRIED_FORWARD");
        assertThat(faults.getList("[1].proof")).containsExactly("USAGE");
        assertThat(right).isNotNull();
        assertThat(text("select count(*) from app.ledger_close where faulty")).isNotEqualTo("0");
        assertThat(owner(tenant).get("/q/metrics").asString()).containsPattern("billing_ledger_faulty\\{?.*\\}? [1-9]");
    }

    @Test
    void theHistoryTellsWhereEachCreditWent() {
        TenantId tenant = tenantInTrial();
        UUID operation = UUID.randomUUID();
        Events.publish("policy.usage.events", "policy.usage-settled.v1", tenant, """
                {"operation_id":"%1$s","agent":"concierge","channel":"web","conversation_id":"c7",
                 "settled_at":"2026-11-20T10:00:00Z","credits":3,"lines":[
                  {"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":1,"estimated":false},
                  {"usage_id":"%1$s-t","meter":"llm.output_tokens","quantity":700,"credits":2,"estimated":true}]}
                """.formatted(operation));
        eventually(() -> owner(tenant)
                .get("/api/v1/credits/history")
                .then()
                .statusCode(200)
                .body("items", hasSize(2)));

        JsonPath newest = owner(tenant)
                .queryParam("limit", 1)
                .get("/api/v1/credits/history")
                .then()
                .body("items[0].kind", equalTo("usage"))
                .body("items[0].credits", equalTo(-3))
                .body("items[0].balance", equalTo(997))
                .body("items[0].operation_id", equalTo(operation.toString()))
                .body("items[0].usage.agent", equalTo("concierge"))
                .body("items[0].usage.conversation_id", equalTo("c7"))
                .body("items[0].usage.lines", hasSize(2))
                .body("items[0].usage.lines[0].meter", equalTo("llm.output_tokens"))
                .body("items[0].usage.lines[0].credits", equalTo(2))
                .extract()
                .jsonPath();
        owner(tenant)
                .queryParam("cursor", newest.getString("next_cursor"))
                .get("/api/v1/credits/history")
                .then()
                .body("items", hasSize(1))
                .body("items[0].kind", equalTo("grant"))
                .body("items[0].credits", equalTo(1_000))
                .body("items[0].balance", equalTo(1_000))
                .body("items[0].lot.source", equalTo("trial"));
        owner(dev.parley.billing.Billing.newTenant())
                .get("/api/v1/credits/history")
                .then()
                .body("items", hasSize(0));
    }
}
