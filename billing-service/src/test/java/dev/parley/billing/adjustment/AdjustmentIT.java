package dev.parley.billing.adjustment;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.PolicyStub;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class AdjustmentIT {
    private static RequestSpecification second() {
        return as(TestTokens.token(null, "staff-2", List.of("platform-admin"), List.of("chat", "read")));
    }

    private static Response adjust(TenantId tenant, long credits) {
        return staff().body("{\"credits\":%d,\"reason\":\"sorry\"}".formatted(credits))
                .post("/api/v1/admin/tenants/" + tenant + "/credit-adjustments");
    }

    private static Response refund(TenantId tenant, UUID operation) {
        return staff().body("{\"operation_id\":\"%s\",\"reason\":\"wrong answer\"}".formatted(operation))
                .post("/api/v1/admin/tenants/" + tenant + "/usage-refunds");
    }

    private static UUID used(TenantId tenant, long credits) {
        UUID operation = UUID.randomUUID();
        long before = ledger(tenant, "credits:consumed");
        Events.publish("policy.usage.events", "policy.usage-settled.v1", tenant, """
                {"operation_id":"%1$s","agent":"concierge","channel":"web","settled_at":"2026-11-20T10:00:00Z",
                 "credits":%2$d,"lines":[
                  {"usage_id":"%1$s-m","meter":"message","quantity":1,"credits":%2$d,"estimated":false}]}
                """.formatted(operation, credits));
        eventually(() -> assertThat(ledger(tenant, "credits:consumed")).isEqualTo(before + credits));
        return operation;
    }

    /** Presses a button from many hands at once. */
    private static List<Integer> pressed(int times, java.util.function.Supplier<Response> button) throws Exception {
        try (ExecutorService hands = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                answers.add(hands.submit(() -> button.get().statusCode()));
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
            return statuses;
        }
    }

    @Test
    void aLargeChangeWaitsForAnotherAdminAndIsMadeOnce() throws Exception {
        TenantId tenant = tenantInTrial();

        String approval = adjust(tenant, 250_000)
                .then()
                .statusCode(202)
                .body("status", equalTo("waiting"))
                .extract()
                .path("approval_id");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
        staff().queryParam("status", "waiting")
                .get("/api/v1/admin/approvals")
                .then()
                .body("items.id", hasItem(approval));
        staff().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(403)
                .body("code", equalTo("SECOND_ADMIN_REQUIRED"));

        List<Integer> statuses = pressed(100, () -> second().post("/api/v1/admin/approvals/" + approval + "/approval"));

        assertThat(statuses).containsOnly(200);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(251_000);
        assertThat(count("select count(*) from app.credit_lot where source = 'adjustment' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        second().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(200)
                .body("status", equalTo("approved"))
                .body("decided_by", equalTo("staff-2"))
                .body("result.credits", equalTo(250_000))
                .body("result.approved_by", equalTo("staff-2"));
        second().delete("/api/v1/admin/approvals/" + approval).then().statusCode(409);
        assertThat(PolicyStub.shared().asked(tenant)).hasSize(1);
        assertThat(PolicyStub.shared().asked(tenant).getFirst().path("action").asText())
                .isEqualTo("credit-adjustment");
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " by "
                        + event.data().get("actor").asText())
                .containsExactly(
                        "subscription.start by service:billing-service",
                        "approval.request by staff",
                        "credits.adjust by staff-2",
                        "approval.approve by staff-2"));
    }

    @Test
    void withoutTheAuditEntryNothingIsChanged() {
        TenantId tenant = tenantInTrial();
        String approval = adjust(tenant, 250_000).path("approval_id");
        sql("""
                create or replace function app.refuse_audit() returns trigger language plpgsql as $$
                begin
                    if new.type = 'platform.audit-recorded.v1' and new.tenant_id = '%s' then
                        raise exception 'no audit';
                    end if;
                    return new;
                end $$;
                create trigger refuse_audit before insert on app.outbox_event
                    for each row execute function app.refuse_audit()
                """.formatted(tenant));
        try {
            adjust(tenant, 5).then().statusCode(500);
            second().post("/api/v1/admin/approvals/" + approval + "/approval")
                    .then()
                    .statusCode(500);

            assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
            assertThat(count("select count(*) from app.credit_adjustment where tenant_id = '" + tenant + "'"))
                    .isZero();
        } finally {
            sql("drop trigger refuse_audit on app.outbox_event");
        }
        second().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(200);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(251_000);
    }

    @Test
    void aWithdrawnOrForgottenApprovalIsDead() {
        TenantId tenant = tenantInTrial();
        String withdrawn = adjust(tenant, 200_000).path("approval_id");
        String forgotten = adjust(tenant, 200_000).path("approval_id");
        sql("update app.approval set expires_at = now() - interval '1 second' where id = '" + forgotten + "'");

        second().delete("/api/v1/admin/approvals/" + withdrawn).then().statusCode(204);

        for (String dead : List.of(withdrawn, forgotten)) {
            second().post("/api/v1/admin/approvals/" + dead + "/approval")
                    .then()
                    .statusCode(409)
                    .body("code", equalTo("APPROVAL_ENDED"));
        }
        second().post("/api/v1/admin/approvals/" + UUID.randomUUID() + "/approval")
                .then()
                .statusCode(404);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
    }

    @Test
    void policyMayDenyAndWithoutPolicyNothingIsChanged() {
        TenantId tenant = tenantInTrial();
        UUID operation = used(tenant, 3);
        PolicyStub.shared().down(true);
        try {
            adjust(tenant, 5).then().statusCode(503);
            refund(tenant, operation).then().statusCode(503);
        } finally {
            PolicyStub.shared().down(false);
        }
        assertThat(ledger(tenant, "credits:available")).isEqualTo(997);
        UUID absurd = used(tenant, 1_000_000_001L);
        refund(tenant, absurd)
                .then()
                .statusCode(403)
                .body("code", equalTo("ADMINISTRATIVE_ACTION_DENIED"))
                .body("policy.reason_code", equalTo("ABOVE_MAXIMUM"));
    }

    @Test
    void anOperationIsRefundedOnceAndNeverMoreThanItWasCharged() throws Exception {
        TenantId tenant = tenantInTrial();
        UUID operation = used(tenant, 42);

        List<Integer> statuses = pressed(20, () -> refund(tenant, operation));

        assertThat(statuses).containsOnly(201);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
        assertThat(ledger(tenant, "credits:consumed")).isZero();
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-1_000);
        refund(tenant, operation)
                .then()
                .statusCode(201)
                .body("source", equalTo("refund"))
                .body("applied", equalTo(42))
                .body("operation_id", equalTo(operation.toString()));
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .filteredOn(event -> event.type().equals("billing.credits-granted.v1")
                        && event.data().get("source").asText().equals("refund"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.data().get("credits").asLong()).isEqualTo(42)));
        refund(tenant, UUID.randomUUID()).then().statusCode(404).body("code", equalTo("OPERATION_NOT_CHARGED"));
        refund(tenantInTrial(), operation).then().statusCode(404);
    }

    @Test
    void aLargeRefundPressedAgainIsOneApproval() {
        TenantId tenant = tenantInTrial();
        UUID operation = used(tenant, 150_000);

        String approval =
                refund(tenant, operation).then().statusCode(202).extract().path("approval_id");
        refund(tenant, operation).then().statusCode(202).body("approval_id", equalTo(approval));
        second().post("/api/v1/admin/approvals/" + approval + "/approval")
                .then()
                .statusCode(200)
                .body("result.source", equalTo("refund"));
        refund(tenant, operation).then().statusCode(201).body("applied", equalTo(150_000));

        assertThat(ledger(tenant, "credits:consumed")).isZero();
    }

    @Test
    void takingBackIsBookedAsPolicySaysAndOnce() {
        TenantId tenant = tenantInTrial();
        String id = adjust(tenant, -600)
                .then()
                .statusCode(201)
                .body("credits", equalTo(-600))
                .body("applied", nullValue())
                .extract()
                .path("id");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
        List<Events.Published> asked = new ArrayList<>();
        eventually(() -> {
            asked.clear();
            asked.addAll(Events.of("billing.subscription.events", tenant).stream()
                    .filter(event -> event.type().equals("billing.credits-withdrawn.v1"))
                    .toList());
            assertThat(asked).hasSize(1);
        });
        assertThat(asked.getFirst().data().get("withdrawal_id").asText()).isEqualTo(id);
        assertThat(asked.getFirst().data().get("credits").asLong()).isEqualTo(600);
        String lot =
                dev.parley.billing.Billing.text("select id from app.credit_lot where tenant_id = '" + tenant + "'");
        String answer = """
                {"withdrawal_id":"%s","credits":450,"lots":[{"lot_id":"%s","credits":450}]}
                """.formatted(id, lot);
        Events.publish("policy.usage.events", "policy.credits-taken.v1", tenant, answer);
        Events.publish("policy.usage.events", "policy.credits-taken.v1", tenant, answer);

        eventually(() -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant
                        + "' and consumer = 'billing-service.book-usage'"))
                .isEqualTo(2));
        assertThat(ledger(tenant, "credits:available")).isEqualTo(550);
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-550);
        assertThat(count("select taken from app.credit_lot where tenant_id = '" + tenant + "'"))
                .isEqualTo(450);
        staff().get("/api/v1/admin/tenants/" + tenant + "/credit-adjustments")
                .then()
                .statusCode(400);
        staff().header("X-Access-Reason", "ticket 9")
                .get("/api/v1/admin/tenants/" + tenant + "/credit-adjustments")
                .then()
                .statusCode(200)
                .body("items[0].applied", equalTo(-450))
                .body("items[0].reason", equalTo("sorry"))
                .body("items[0].approved_by", nullValue())
                .body("items.id", not(hasItem("nobody")));
    }

    @Test
    void whatNobodyAgreedToInTimeMayBeAskedForAgain() {
        TenantId tenant = tenantInTrial();
        UUID operation = used(tenant, 150_000);
        String lapsed =
                refund(tenant, operation).then().statusCode(202).extract().path("approval_id");
        sql("update app.approval set expires_at = now() - interval '1 second' where id = '" + lapsed + "'");

        String again = refund(tenant, operation)
                .then()
                .statusCode(202)
                .body("approval_id", not(equalTo(lapsed)))
                .extract()
                .path("approval_id");
        second().post("/api/v1/admin/approvals/" + lapsed + "/approval")
                .then()
                .statusCode(409)
                .body("code", equalTo("APPROVAL_ENDED"));
        second().post("/api/v1/admin/approvals/" + again + "/approval").then().statusCode(200);

        assertThat(ledger(tenant, "credits:consumed")).isZero();
    }
}
