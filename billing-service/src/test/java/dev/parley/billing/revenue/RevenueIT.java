package dev.parley.billing.revenue;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class RevenueIT {
    /** One line of a tenant's history. */
    private static void history(TenantId tenant, int version, String status, String plan, String at) {
        sql("""
            insert into app.subscription_history
                (tenant_id, version, status, plan_code, plan_version, cause, created_at)
            values ('%s', %d, '%s', '%s', 1, 'seeded', '%s')
            """.formatted(tenant, version, status, plan, at));
    }

    private static void used(TenantId tenant, String agent, long credits, Long cost, boolean estimated) {
        sql("""
            insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity, credits,
                estimated)
            values ('%1$s', '%2$s', '%2$s', '2019-03-10', '%3$s', 'web', 'message', 1, %4$d, false);
            insert into app.model_usage (tenant_id, run_id, operation_id, at, agent, provider, model, input_tokens,
                output_tokens, estimated, cost)
            values ('%1$s', '%2$s', '%2$s', '2019-03-10', '%3$s', 'acme', '%6$s', 1000, 200, %5$s, %7$s)
            """.formatted(tenant, UUID.randomUUID(), agent, credits, estimated, cost == null ? "unknown" : "m1", cost));
    }

    @Test
    void aMonthOfASeededHistoryIsToldExactly() {
        plan("rev-month", 499_900, 49_990, 0);
        plan("rev-small", 100_000, 10_000, 0);
        plan("rev-free", 0, 100, 14);
        TenantId stays = newTenant();
        TenantId leaves = newTenant();
        TenantId converts = newTenant();
        TenantId tries = newTenant();
        TenantId shrinks = newTenant();
        history(stays, 1, "active", "rev-month", "2019-01-05");
        history(leaves, 1, "active", "rev-small", "2019-01-06");
        history(leaves, 2, "ended", "rev-small", "2019-03-20");
        history(converts, 1, "trial", "rev-free", "2019-03-02");
        history(converts, 2, "active", "rev-small", "2019-03-12");
        history(tries, 1, "trial", "rev-free", "2019-03-03");
        history(tries, 2, "active", "rev-small", "2019-04-02");
        history(shrinks, 1, "past_due", "rev-month", "2019-02-01");
        history(shrinks, 2, "active", "rev-small", "2019-03-25");
        // A thousandth of a credit's price each: ten paise a credit.
        used(stays, "concierge", 100, 300_000_000L, false);
        used(converts, "concierge", 10, 500_000_000L, true);
        used(stays, "sales", 7, null, false);

        staff().queryParam("from", "2019-03-01")
                .queryParam("to", "2019-04-01")
                .get("/api/v1/admin/revenue")
                .then()
                .statusCode(200)
                .body("mrr", hasSize(1))
                .body("mrr[0].amount", equalTo(499_900 + 2 * 100_000))
                .body("mrr_before[0].amount", equalTo(2 * 499_900 + 100_000))
                .body("plans", hasSize(2))
                .body("plans[0].plan", equalTo("rev-month"))
                .body("plans[0].subscriptions", equalTo(1))
                .body("plans[1].subscriptions", equalTo(2))
                .body("trials.started", equalTo(2))
                .body("trials.converted", equalTo(1))
                .body("trials.rate", equalTo(5_000))
                .body("churned", equalTo(1))
                .body("churn.customers", equalTo(3))
                .body("churn.lost", equalTo(1))
                .body("churn.rate", equalTo(3_333))
                .body("churn.mrr[0].amount", equalTo(100_000))
                .body("cost.total.amount", equalTo(800))
                .body("cost.runs", equalTo(3))
                .body("cost.estimated_runs", equalTo(1))
                .body("cost.unpriced_runs", equalTo(1))
                .body("cost.models[0].model", equalTo("m1"))
                .body("cost.models[0].input_tokens", equalTo(2_000))
                .body("cost.models[1].cost", nullValue())
                .body("margins.estimated", equalTo(true))
                .body("margins.agents[0].agent", equalTo("concierge"))
                .body("margins.agents[0].earned.amount", equalTo(1_100))
                .body("margins.agents[0].margin.amount", equalTo(300))
                .body("margins.negative", hasSize(1))
                .body("margins.negative[0].tenant_id", equalTo(converts.toString()))
                .body("margins.negative[0].margin.amount", equalTo(-400));
    }

    @Test
    void aRunIsPricedOnceByProviderAndModel() {
        TenantId tenant = newTenant();
        UUID run = UUID.randomUUID();
        String payload = """
            {"operation_id":"%1$s","run_id":"%1$s","conversation_id":"c","agent":"concierge","channel":"web",
             "prompt_version":1,"provider":"acme","model":"%2$s","quantities":{"message":1,"llm.input_tokens":1200,
             "llm.output_tokens":300},"estimated":false}
            """;
        Events.publish(
                "agent.usage.events", "agent.usage-recorded.v1", tenant, payload.formatted(run, "priced-by-test"));
        Events.publish(
                "agent.usage.events", "agent.usage-recorded.v1", tenant, payload.formatted(run, "priced-by-test"));
        Events.publish(
                "agent.usage.events",
                "agent.usage-recorded.v1",
                tenant,
                payload.formatted(UUID.randomUUID(), "without-price"));
        Events.publish(
                "agent.usage.events",
                "agent.usage-recorded.v1",
                tenant,
                payload.formatted(UUID.randomUUID(), "priced-by-test")
                        .replace("\"estimated\":false", "\"estimated\":false,\"key_owner\":\"tenant\""));

        // and one that asked two models with keys of two owners, and one that failed after it had asked
        UUID mixed = UUID.randomUUID();
        String part = """
            {"provider":"acme","model":"priced-by-test","key_owner":"%s","input_tokens":100,"output_tokens":10,"estimated":false}
            """;
        Events.publish(
                "agent.usage.events",
                "agent.usage-recorded.v1",
                tenant,
                payload.formatted(mixed, "priced-by-test")
                        .replace(
                                "\"estimated\":false",
                                "\"estimated\":false,\"key_owner\":\"tenant\",\"parts\":[" + part.formatted("platform")
                                        + "," + part.formatted("tenant") + "]"));
        Events.publish(
                "agent.run.events", "agent.run-failed.v1", tenant, """
            {"operation_id":"%1$s","run_id":"%1$s","conversation_id":"c","agent":"concierge","channel":"web","prompt_version":1,
             "problem":"PROVIDER_FAILED","cause":"version","attempt":1,"spent":[%2$s]}
            """.formatted(mixed, part.formatted("platform")));

        eventually(() -> assertThat(count("select count(*) from app.model_usage where tenant_id = '" + tenant + "'"))
                .isEqualTo(6));
        assertThat(text("select string_agg(model || ' ' || coalesce(cost::text, '-'), ', ' order by model, cost) from"
                        + " app.model_usage where tenant_id = '" + tenant + "'"))
                .isEqualTo("priced-by-test 0, priced-by-test 0, priced-by-test 11200, priced-by-test 11200,"
                        + " priced-by-test 156000, without-price -");
    }
}
