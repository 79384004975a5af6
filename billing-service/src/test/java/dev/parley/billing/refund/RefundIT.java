package dev.parley.billing.refund;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class RefundIT {
    @Inject
    SweepForTests sweeper;

    private static TenantId paying() {
        if (count("select count(*) from app.plan where code = 'refundable'") == 0) {
            plan("refundable", 10_000, 3_000, 0);
        }
        TenantId tenant = tenantInTrial();
        paid(tenant, "refundable", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        return tenant;
    }

    private static String lot(TenantId tenant) {
        return text("select id from app.credit_lot where source = 'plan' and tenant_id = '" + tenant + "'");
    }

    private static Response refund(TenantId tenant, String what) {
        return staff().body("{" + what + ",\"reason\":\"did not like it\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds");
    }

    private static void policySays(TenantId tenant, String lot, long unspent) {
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":%d}".formatted(lot, unspent));
        eventually(() -> assertThat(
                        count("select count(*) from app.credit_lot where closed_at is not null and id = '" + lot + "'"))
                .isEqualTo(1));
    }

    private static String status(TenantId tenant) {
        return text("select status from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    private static String payment(TenantId tenant) {
        return text("select provider_payment from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    @Test
    void whatIsUnspentGoesBackOnceAfterPolicyHasSaidHowMuchThatIs() {
        TenantId tenant = paying();
        String lot = lot(tenant);

        refund(tenant, "\"lot_id\":\"" + lot + "\"")
                .then()
                .statusCode(202)
                .body("status", equalTo("closing"))
                .body("paid.amount", equalTo(10_000));
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(202);
        sweeper.sweep();
        assertThat(StripeStub.shared().refunded()).doesNotContainKey(payment(tenant));
        assertThat(Events.of("billing.subscription.events", tenant).stream()
                        .filter(event -> event.type().equals("billing.credits-closed.v1")
                                && event.data().path("lot_id").asText().equals(lot)))
                .hasSizeLessThanOrEqualTo(1);

        policySays(tenant, lot, 2_000);
        sweeper.sweep();
        sweeper.sweep();

        assertThat(StripeStub.shared().refunded()).containsEntry(payment(tenant), 6_666L);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000 + 1_000);
        staff().header("X-Access-Reason", "checking a refund")
                .get("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].status", equalTo("done"))
                .body("items[0].unspent", equalTo(2_000))
                .body("items[0].amount.amount", equalTo(6_666));
    }

    @Test
    void anInvoiceNamesTheLotThatItPaidFor() {
        TenantId tenant = paying();
        String invoice = text("select id from app.invoice where tenant_id = '" + tenant + "'");

        refund(tenant, "\"invoice_id\":\"" + invoice + "\"")
                .then()
                .statusCode(202)
                .body("lot_id", equalTo(lot(tenant)));
    }

    @Test
    void aLotThatIsSpentGivesNothingBack() {
        TenantId tenant = paying();
        refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"").then().statusCode(202);

        policySays(tenant, lot(tenant), 0);
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("nothing");
        assertThat(StripeStub.shared().refunded()).doesNotContainKey(payment(tenant));
    }

    @Test
    void aRefundThatTheProviderRefusesGivesTheCreditsBack() {
        TenantId tenant = paying();
        sql("update app.credit_lot set paid_payment = 'pi_gone_' || id where source = 'plan' and tenant_id = '" + tenant
                + "'");
        String lot = lot(tenant);
        refund(tenant, "\"lot_id\":\"" + lot + "\"").then().statusCode(202);
        policySays(tenant, lot, 1_200);

        sweeper.sweep();
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("refused");
        assertThat(count("select credits from app.credit_lot where grant_key like 'refund-refused:%' and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1_200);
    }

    @Test
    void whatWasNotPaidOrIsNotThereIsNotRefunded() {
        TenantId tenant = paying();
        String trial = text("select id from app.credit_lot where source = 'trial' and tenant_id = '" + tenant + "'");

        refund(tenant, "\"lot_id\":\"" + trial + "\"")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_NOTHING_PAID"));
        refund(tenant, "\"lot_id\":\"" + UUID.randomUUID() + "\"").then().statusCode(404);
        refund(tenantInTrial(), "\"lot_id\":\"" + lot(tenant) + "\"").then().statusCode(404);
        refund(tenant, "\"lot_id\":null").then().statusCode(422);
        sql("update app.credit_lot set close_requested_at = now() where source = 'plan' and tenant_id = '" + tenant
                + "'");
        refund(tenant, "\"lot_id\":\"" + lot(tenant) + "\"")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFUND_LOT_ENDED"));
    }
}
