package dev.parley.billing;

import static dev.parley.billing.Billing.as;
import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import dev.parley.testing.SealedColumnKit;
import dev.parley.testing.TenantIsolationKit;
import dev.parley.testing.TestTokens;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class TenantIsolationIT {
    @Inject
    @Any
    Instance<SealedColumn> sealed;

    @Test
    void everyTenantTableHasAllLocks() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(TenantIsolationKit.faults(
                            superuser,
                            Set.of(
                                    "plan",
                                    "plan_version",
                                    "credit_pack",
                                    "credit_pack_version",
                                    "provider_event",
                                    "reconciliation")))
                    .isEmpty();
        }
    }

    @Test
    void everySealedColumnIsFoundByARotationOfKeys() throws Exception {
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE)) {
            assertThat(SealedColumnKit.faults(superuser, sealed.stream().toList(), Set.of("provider_event.body")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"ledger_transfer", "ledger_close", "usage_log", "subscription_history"})
    void whatIsOfRecordCannotBeChangedByTheService(String table) throws Exception {
        try (Connection app = PostgresServer.shared().connect(ParleyTestResource.DATABASE, PostgresServer.APP);
                Statement statement = app.createStatement()) {
            app.setAutoCommit(false);
            statement.execute("select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000001', true)");

            assertThatThrownBy(() -> statement.execute("update app." + table + " set tenant_id = tenant_id"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
            app.rollback();
            statement.execute("select set_config('app.tenant_id', '00000000-0000-0000-0000-000000000001', true)");
            assertThatThrownBy(() -> statement.execute("delete from app." + table))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void anotherTenantSeesNothing() {
        plan("isolated", 100, 10, 0);
        TenantId a = tenantInTrial();
        Billing.paid(a, "isolated", Instant.now());
        String invoice = owner(a).get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");
        TenantId b = newTenant();

        owner(a).get("/api/v1/invoices/" + invoice).then().statusCode(200);
        owner(b).get("/api/v1/invoices/" + invoice).then().statusCode(404).body("code", equalTo("INVOICE_NOT_FOUND"));
        owner(b).get("/api/v1/invoices").then().statusCode(200).body("items", hasSize(0));
        owner(b).get("/api/v1/usage").then().statusCode(200).body("items", hasSize(0));
        owner(b).get("/api/v1/subscription").then().statusCode(404).body("code", equalTo("SUBSCRIPTION_NOT_FOUND"));
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/admin/plans",
        "POST, /api/v1/admin/plans",
        "PUT, /api/v1/admin/plans/free/agents",
        "GET, /api/v1/admin/revenue",
        "GET, /api/v1/admin/overview",
        "GET, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/usage",
        "GET, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/subscription",
        "POST, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/credit-adjustments",
        "POST, /api/v1/admin/credit-packs",
        "GET, /api/v1/admin/provider-events",
        "POST, /api/v1/admin/provider-events/replay",
        "GET, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/payment-refunds",
        "POST, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/payment-refunds",
        "POST, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/provider-move",
        "POST, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/test-clock",
        "GET, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/credit-adjustments",
        "POST, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/usage-refunds",
        "GET, /api/v1/admin/tenants/00000000-0000-0000-0000-000000000001/ledger/verification",
        "GET, /api/v1/admin/approvals",
        "GET, /api/v1/admin/reconciliations",
        "POST, /api/v1/admin/reconciliations",
        "GET, /api/v1/admin/reconciliations/00000000-0000-0000-0000-000000000001",
        "POST, /api/v1/admin/reconciliations/00000000-0000-0000-0000-000000000001/repair",
        "POST, /api/v1/admin/approvals/00000000-0000-0000-0000-000000000001/approval",
        "DELETE, /api/v1/admin/approvals/00000000-0000-0000-0000-000000000001",
        "GET, /internal/operations/00000000-0000-7000-8000-000000000001",
    })
    void anOwnerIsNoPlatformAdminAndNoService(String method, String path) {
        owner(newTenant()).body("{}").request(method, path).then().statusCode(403);
        RestAssured.given().request(method, path).then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/checkout",
        "/api/v1/subscription/change",
        "/api/v1/subscription/change/preview",
        "/api/v1/subscription/cancellation",
        "/api/v1/subscription/resumption",
    })
    void aMemberAndAnApiKeyMayNotBuyOrCancel(String path) {
        TenantId tenant = newTenant();
        long before = count("select count(*) from app.checkout");

        as(TestTokens.member(tenant, "member")).body("{}").post(path).then().statusCode(403);
        as(TestTokens.apiKey(tenant, "chat", "read", "write"))
                .body("{}")
                .post(path)
                .then()
                .statusCode(403);

        assertThat(count("select count(*) from app.checkout")).isEqualTo(before);
    }

    @Test
    void anApiKeyReadsUsageOnlyWithTheScope() {
        TenantId tenant = newTenant();

        as(TestTokens.apiKey(tenant, "read")).get("/api/v1/usage").then().statusCode(200);
        as(TestTokens.apiKey(tenant, "chat")).get("/api/v1/usage").then().statusCode(403);
    }
}
