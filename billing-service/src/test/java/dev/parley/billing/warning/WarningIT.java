package dev.parley.billing.warning;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.SmtpServer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class WarningIT {
    private static void reached(TenantId tenant, int percent, long handled) {
        Events.publish(
                "policy.usage.events",
                "policy.threshold-reached.v1",
                tenant,
                "{\"percent\":%d,\"remaining\":%d}".formatted(percent, 1_000 - percent * 10));
        eventually(() -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant
                        + "' and consumer = 'billing-service.warn-of-credits'"))
                .isEqualTo(handled));
    }

    @Test
    void eachThresholdIsSaidOncePerPeriod() {
        TenantId tenant = tenantInTrial();
        String address = "warn-" + tenant + "@example.test";
        owner(tenant)
                .body("""
                        {"name":"W","address":{"line1":"1","city":"C"},"country":"US","email":"%s"}
                        """.formatted(address))
                .put("/api/v1/billing-profile")
                .then()
                .statusCode(200);

        reached(tenant, 80, 1);
        reached(tenant, 80, 2);
        reached(tenant, 100, 3);
        reached(tenant, 100, 4);
        eventually(() -> assertThat(SmtpServer.shared().to(address)).hasSize(2));
        assertThat(SmtpServer.shared().to(address).toString())
                .contains("80 % of your Parley credits are used", "200 are left", "Your Parley credits are used up")
                .contains("New credits come on");

        sql("update app.subscription set current_period_start = current_period_end where tenant_id = '" + tenant + "'");
        reached(tenant, 80, 5);
        eventually(() -> assertThat(SmtpServer.shared().to(address)).hasSize(3));
    }
}
