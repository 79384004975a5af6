package dev.parley.billing.lifecycle;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.billing.payment.ElsewhereProvider;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class ProviderMoveIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Inject
    Sweeper sweeper;

    @Inject
    ElsewhereProvider elsewhere;

    private static Response move(TenantId tenant, String provider) {
        return staff().body("{\"provider\":\"" + provider + "\",\"reason\":\"cheaper cards\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/provider-move");
    }

    private void look(TenantId tenant) {
        sql("update app.checkout set next_check_at = now() where tenant_id = '" + tenant + "'");
        sql("update app.subscription set due_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();
    }

    @Test
    void aTenantGoesOnElsewhereWithItsCreditsAndIsChargedThereWhenItsPeriodEnds() {
        plan("moving", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String old = paid(tenant, "moving", NOW);
        Instant end = NOW.plus(Duration.ofDays(30));

        String url = move(tenant, "elsewhere").then().statusCode(201).extract().path("url");
        String session = url.substring(url.lastIndexOf('/') + 1);
        assertThat(subscription(tenant).getString("provider")).isEqualTo("stripe");
        String moved = elsewhere.authorise(session, NOW.plusSeconds(30));
        look(tenant);

        JsonPath after = subscription(tenant);
        assertThat(after.getString("provider")).isEqualTo("elsewhere");
        assertThat(after.getString("status")).isEqualTo("active");
        assertThat(after.getString("current_period_start")).isEqualTo(NOW.toString());
        assertThat(after.getString("current_period_end")).isEqualTo(end.toString());
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_500);
        assertThat(count("select count(*) from app.credit_lot where source = 'plan' and close_requested_at is null"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo(1);
        assertThat(StripeStub.shared().cancelled()).as("not at once").doesNotContain(old);
        assertThat(count(
                        "select count(*) from app.provider_subscription where at_period_end and cancelled_at is not null"
                                + " and provider_subscription_id = '" + old + "'"))
                .isEqualTo(1);
        owner(tenant)
                .body("{\"plan\":\"moving\"}")
                .post("/api/v1/subscription/change")
                .then()
                .statusCode(409);

        elsewhere.charge(moved, end.plus(Duration.ofDays(30)));
        look(tenant);

        assertThat(subscription(tenant).getString("current_period_start")).isEqualTo(end.toString());
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(2_000);
    }

    @Test
    void whatIsNotPaidOrThereAlreadyDoesNotMove() {
        plan("staying", 10_000, 500, 0);
        TenantId trial = tenantInTrial();
        move(trial, "elsewhere").then().statusCode(409).body("code", equalTo("PROVIDER_MOVE_REFUSED"));
        TenantId tenant = tenantInTrial();
        paid(tenant, "staying", NOW);
        move(tenant, "stripe").then().statusCode(409);
        move(tenant, "paypal").then().statusCode(422);
        owner(tenant)
                .body("{\"provider\":\"elsewhere\",\"reason\":\"x\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/provider-move")
                .then()
                .statusCode(403);
    }
}
