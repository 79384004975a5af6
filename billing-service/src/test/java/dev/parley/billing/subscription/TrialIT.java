package dev.parley.billing.subscription;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.created;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class TrialIT {
    @Inject
    SubscriptionService subscriptions;

    @Test
    void aNewTenantIsInTrialWithCreditsOnceHoweverOftenItIsAnnounced() {
        TenantId tenant = tenantInTrial();
        created(tenant);
        created(tenant);

        assertThat(subscription(tenant).getString("plan")).isEqualTo("free");
        assertThat(subscription(tenant).getString("trial_end")).isNotNull();
        eventually(
                () -> assertThat(count("select count(*) from app.processed_event where tenant_id = '" + tenant + "'"))
                        .isEqualTo(3));
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .extracting(Events.Published::type)
                .containsExactly("billing.credits-granted.v1", "billing.subscription-changed.v1"));
        List<Events.Published> published = Events.of("billing.subscription.events", tenant);
        JsonNode granted = published.get(0).data();
        assertThat(granted.get("source").asText()).isEqualTo("trial");
        assertThat(granted.get("credits").asLong()).isEqualTo(1_000);
        assertThat(granted.get("expires_at").asText())
                .isEqualTo(published.get(1).data().get("trial_end").asText());
        JsonNode changed = published.get(1).data();
        assertThat(changed.get("version").asLong()).isEqualTo(1);
        assertThat(changed.get("status").asText()).isEqualTo("trial");
        assertThat(changed.get("plan").asText()).isEqualTo("free");
        assertThat(changed.at("/entitlement/agents").toString()).isEqualTo("[\"concierge\"]");
        assertThat(changed.at("/entitlement/rates").toString()).isEqualTo("{\"message\":{\"per\":1,\"credits\":1}}");
        assertThat(changed.at("/entitlement/overage/mode").asText()).isEqualTo("block");
        assertThat(changed.at("/entitlement/credits").asLong()).isEqualTo(1_000);
    }

    @Test
    void aTenantFromBeforeThePlanGetsItsTrialWhenThePlanExists() {
        sql(
                "alter table app.plan_version rename to plan_version_away; create table app.plan_version as"
                        + " select * from app.plan_version_away where false; grant select, insert on app.plan_version to public");
        TenantId tenant = newTenant();
        try {
            created(tenant);
            eventually(() -> assertThat(
                            count("select count(*) from app.trial_request where due_at is not null and tenant_id = '"
                                    + tenant + "'"))
                    .isEqualTo(1));
            subscriptions.startWaitingTrials();
            assertThat(status(tenant)).isEqualTo("none");
        } finally {
            sql("drop table app.plan_version; alter table app.plan_version_away rename to plan_version");
        }
        if (count("select count(*) from app.plan where code = 'free'") == 0) {
            plan("free", 0, 1_000, 14);
        }
        sql("update app.trial_request set due_at = now() where tenant_id = '" + tenant + "'");

        subscriptions.startWaitingTrials();
        subscriptions.startWaitingTrials();

        assertThat(status(tenant)).isEqualTo("trial");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
    }
}
