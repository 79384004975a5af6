package dev.parley.billing.lifecycle;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.billing.BillingTestResource;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class TestClockIT {
    @Inject
    Sweeper sweeper;

    private static Response move(TenantId tenant, Instant at) {
        return staff().body("{\"at\":\"" + at + "\"}").post("/api/v1/admin/tenants/" + tenant + "/test-clock");
    }

    @Test
    void aTrialEndsAtItsOwnTimeAndNobodyElsesDoes() {
        TenantId moved = tenantInTrial();
        TenantId other = tenantInTrial();

        move(moved, Instant.now().plus(13, ChronoUnit.DAYS)).then().statusCode(200);
        assertThat(status(moved)).isEqualTo("trial");
        move(moved, Instant.now().plus(15, ChronoUnit.DAYS))
                .then()
                .statusCode(200)
                .body("subscription.status", equalTo("ended"));
        sweeper.sweep();

        assertThat(status(moved)).isEqualTo("ended");
        assertThat(status(other)).isEqualTo("trial");
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is not null and tenant_id = '"
                        + other + "'"))
                .isZero();
    }

    @Test
    void aFreePlanLivesAYearOfRenewals() {
        if (count("select count(*) from app.plan where code = 'yearlong'") == 0) {
            plan("yearlong", 0, 10, 0);
        }
        TenantId tenant = tenantInTrial();
        move(tenant, Instant.now().plusSeconds(5)).then().statusCode(200);
        owner(tenant)
                .body("{\"plan\":\"yearlong\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(201);

        for (int month = 1; month <= 12; month++) {
            Instant end = Instant.parse(subscription(tenant).getString("current_period_end"));
            move(tenant, end.plusSeconds(60)).then().statusCode(200);
            assertThat(subscription(tenant).getString("current_period_start")).isEqualTo(end.toString());
        }

        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 13 * 10);
    }

    @Test
    void aClockDoesNotGoBackAndNotBehindAPurchaseInRealTime() {
        TenantId tenant = tenantInTrial();
        move(tenant, Instant.now().plus(3, ChronoUnit.DAYS)).then().statusCode(200);
        move(tenant, Instant.now().plus(2, ChronoUnit.DAYS))
                .then()
                .statusCode(422)
                .body("code", equalTo("TEST_CLOCK_BACKWARD"));
        plan("realtime", 10_000, 500, 0);
        TenantId bought = tenantInTrial();
        paid(bought, "realtime", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        move(bought, Instant.now().plus(3, ChronoUnit.DAYS))
                .then()
                .statusCode(409)
                .body("code", equalTo("TEST_CLOCK_TOO_LATE"));
        owner(tenant)
                .body("{\"at\":\"2030-01-01T00:00:00Z\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/test-clock")
                .then()
                .statusCode(403);
    }
}
