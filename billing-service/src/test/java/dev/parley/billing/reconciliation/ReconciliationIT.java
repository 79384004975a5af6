package dev.parley.billing.reconciliation;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.PolicyStub;
import dev.parley.billing.StripeStub;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class ReconciliationIT {
    private static final String PATH = "/api/v1/admin/reconciliations";

    @Inject
    ReconciliationService reconciliations;

    private static String lot(TenantId tenant) {
        return text(
                "select id from app.credit_lot where closed_at is null and close_requested_at is null and tenant_id = '"
                        + tenant + "'");
    }

    private static void policySays(TenantId tenant, long version, long available, String lots) {
        PolicyStub.shared().entitlement(tenant, "{\"plan\":\"any\",\"version\":%d}".formatted(version));
        PolicyStub.shared().balance(tenant, """
                        {"policy_version":9,"granted":0,"available":%d,"held":0,"lots":[%s]}
                        """.formatted(available, lots));
    }

    private static String openLot(String id, long granted, long remaining) {
        return "{\"id\":\"%s\",\"source\":\"trial\",\"granted\":%d,\"remaining\":%d,\"unspent\":null,\"expires_at\":null}"
                .formatted(id, granted, remaining);
    }

    /** Reconciles one tenant and answers the report. */
    private static JsonPath report(TenantId tenant) {
        String id = staff().body("{\"tenant_id\":\"" + tenant + "\"}")
                .post(PATH)
                .then()
                .statusCode(202)
                .body("state", equalTo("running"))
                .extract()
                .path("id");
        eventually(() -> staff().get(PATH + "/" + id).then().statusCode(200).body("state", equalTo("done")));
        return staff().get(PATH + "/" + id).jsonPath();
    }

    private static JsonPath repair(JsonPath report) {
        return staff().body("{\"reason\":\"month end\"}")
                .post(PATH + "/" + report.getString("id") + "/repair")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    @Test
    void sidesThatAgreeLeaveAnEmptyReport() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 1_000, openLot(lot(tenant), 1_000, 1_000));

        JsonPath report = report(tenant);

        assertThat(report.getInt("tenants")).isEqualTo(1);
        assertThat(report.getInt("not_compared")).isZero();
        assertThat(report.getList("items")).isEmpty();
    }

    @Test
    void theBalanceIsPutRightByACompensatingEntryOnce() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 940, openLot(lot(tenant), 1_000, 940));

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind")).containsExactly("BALANCE");
        assertThat(report.getString("items[0].repair")).isEqualTo("compensate");
        JsonPath repaired = repair(report);
        repair(report);

        assertThat(repaired.getString("items[0].state")).isEqualTo("repaired");
        assertThat(repaired.getString("items[0].repaired_by")).isEqualTo("staff");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(940);
        assertThat(ledger(tenant, "credits:repaired")).isEqualTo(60);
        assertThat(count("select count(*) from app.ledger_transfer where kind = 'repair' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        assertThat(report(tenant).getList("items")).isEmpty();
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " because of "
                        + event.data().get("reason").asText())
                .contains("reconciliation.repair because of month end"));
    }

    @Test
    void whatHasGoneMeanwhileIsNotRepaired() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 940, openLot(lot(tenant), 1_000, 940));
        JsonPath report = report(tenant);
        policySays(tenant, 1, 1_000, openLot(lot(tenant), 1_000, 1_000));

        assertThat(repair(report).getString("items[0].state")).isEqualTo("gone");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
    }

    @Test
    void policyIsToldAgainOfWhatItMissed() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 0, 0, "");
        eventually(() ->
                assertThat(Events.of("billing.subscription.events", tenant)).hasSize(2));

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind"))
                .containsExactlyInAnyOrder("ENTITLEMENT_BEHIND", "LOT_UNKNOWN_TO_POLICY");
        repair(report);

        eventually(() -> {
            List<Events.Published> told = Events.of("billing.subscription.events", tenant);
            assertThat(told).hasSize(4);
            assertThat(told.stream()
                            .filter(event -> event.type().equals("billing.credits-granted.v1"))
                            .map(event -> event.data().toString())
                            .distinct())
                    .hasSize(1);
        });
    }

    @Test
    void whatTheProviderSaysIsFetchedAndApplied() {
        plan("reconciled", 499_900, 50, 0);
        TenantId tenant = newTenant();
        String subscription = paid(tenant, "reconciled", Instant.now());
        eventually(() -> assertThat(lot(tenant)).isNotNull());
        long version = count("select version from app.subscription where tenant_id = '" + tenant + "'");
        policySays(tenant, version, 50, openLot(lot(tenant), 50, 50));
        StripeStub.shared().set(subscription, "status", "past_due");

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind")).containsExactly("SUBSCRIPTION_STATUS");
        assertThat(repair(report).getString("items[0].state")).isEqualTo("repaired");

        assertThat(status(tenant)).isEqualTo("past_due");
    }

    @Test
    void anEntryThatTheLedgerLacksIsBooked() {
        TenantId tenant = tenantInTrial();
        UUID operation = UUID.randomUUID();
        sql("""
                insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity, credits,
                    estimated)
                values ('%s', '%2$s', '%2$s', now(), 'concierge', 'web', 'message', 7, 7, false)
                """.formatted(tenant, operation));
        policySays(tenant, 1, 993, openLot(lot(tenant), 1_000, 993));

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind")).containsExactly("NOT_BOOKED");
        repair(report);

        assertThat(ledger(tenant, "credits:consumed")).isEqualTo(7);
        assertThat(report(tenant).getList("items")).isEmpty();
    }

    @Test
    void oneReplicaRunsTheNight() {
        LocalDate night = LocalDate.parse("2031-01-01");
        assertThat(reconciliations.beginNight(night)).isPresent();
        assertThat(reconciliations.beginNight(night)).isEmpty();
        staff().get(PATH).then().statusCode(200).body("items.cause", hasItem("night"));
        staff().get(PATH + "/" + UUID.randomUUID()).then().statusCode(404);
    }
}
