package dev.parley.billing.webhook;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class ProviderEventIT {
    @Test
    void anOperatorSeesEventsAndLetsThemBeLookedAtAgain() {
        plan("replayed", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String sub = paid(tenant, "replayed", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        String event = "evt_" + UUID.randomUUID();
        Instant before = Instant.now();
        webhook(StripeStub.event(event, "customer.subscription.updated", "subscription", sub));
        eventually(() -> assertThat(state(event)).isEqualTo(1));
        // What an outage missed: the provider's state changed, and nobody told us.
        StripeStub.shared().set(sub, "status", "unpaid");

        staff().get("/api/v1/admin/provider-events?provider=stripe&state=applied&limit=200")
                .then()
                .statusCode(200)
                .body("items.find { it.event_id == '" + event + "' }.object_id", equalTo(sub))
                .body("items.find { it.event_id == '" + event + "' }.processed_at", notNullValue());
        staff().body("{\"provider\":\"stripe\",\"event_ids\":[\"" + event + "\"],\"reason\":\"missed\"}")
                .post("/api/v1/admin/provider-events/replay")
                .then()
                .statusCode(202)
                .body("replayed", equalTo(1));

        eventually(() -> assertThat(status(tenant)).isEqualTo("suspended"));
        staff().body("{\"provider\":\"stripe\",\"from\":\"" + before + "\"}")
                .post("/api/v1/admin/provider-events/replay")
                .then()
                .statusCode(202)
                .body("replayed", greaterThanOrEqualTo(1));
        eventually(() -> assertThat(state(event)).isEqualTo(1));
    }

    private static long state(String event) {
        return count("select count(*) from app.provider_event where state = 'applied' and event_id = '" + event + "'");
    }

    @Test
    void aReplayNamesWhatItMeans() {
        staff().body("{\"provider\":\"stripe\"}")
                .post("/api/v1/admin/provider-events/replay")
                .then()
                .statusCode(422);
        staff().body("{\"provider\":\"paypal\",\"event_ids\":[\"evt_1\"]}")
                .post("/api/v1/admin/provider-events/replay")
                .then()
                .statusCode(422)
                .body("code", equalTo("PAYMENT_PROVIDER_UNKNOWN"));
        staff().get("/api/v1/admin/provider-events?state=lost").then().statusCode(422);
        owner(tenantInTrial()).get("/api/v1/admin/provider-events").then().statusCode(403);
    }
}
