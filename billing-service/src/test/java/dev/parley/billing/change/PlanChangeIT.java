package dev.parley.billing.change;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.session;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class PlanChangeIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Inject
    SweepForTests sweeper;

    private final StripeStub stripe = StripeStub.shared();

    @BeforeEach
    void plans() {
        if (count("select count(*) from app.plan where code = 'large'") == 0) {
            plan("small", 10_000, 1_000, 0);
            plan("large", 30_000, 9_000, 0);
        }
        if (count("select count(*) from app.plan where code = 'gratis'") == 0) {
            plan("gratis", 0, 70, 0);
        }
        stripe.chargeForChange(10_000);
    }

    private static Response change(TenantId tenant, String plan) {
        return owner(tenant).body("{\"plan\":\"" + plan + "\"}").post("/api/v1/subscription/change");
    }

    private static TenantId on(String plan) {
        TenantId tenant = tenantInTrial();
        paid(tenant, plan, NOW);
        return tenant;
    }

    private static long granted(TenantId tenant) {
        return -ledger(tenant, "credits:granted");
    }

    @Test
    void anUpgradeIsChargedAtOnceAndBringsTheShareThatWasPaid() {
        TenantId tenant = on("small");

        change(tenant, "large")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(10_000))
                .body("subscription.plan", equalTo("large"))
                .body("subscription.pending_plan", nullValue());

        // Half of the price difference of 20,000 was charged: half of the 8,000 credits more.
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is null and source = 'plan'"
                        + " and paid_amount = 10000 and tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        assertThat(count("select charged from app.plan_change where status = 'done' and tenant_id = '" + tenant + "'"))
                .isEqualTo(10_000);
    }

    @Test
    void webhooksOfAChangeGrantNothingTwice() {
        TenantId tenant = on("small");
        change(tenant, "large").then().statusCode(200);
        String subscription =
                text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");
        String invoice =
                text("select paid_invoice from app.credit_lot where grant_key like 'change:%' and tenant_id = '"
                        + tenant + "'");

        for (int i = 0; i < 3; i++) {
            webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", invoice));
            webhook(StripeStub.event(
                    "evt_" + UUID.randomUUID(), "customer.subscription.updated", "subscription", subscription));
        }

        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void aDeclinedCardChangesNothing() {
        TenantId tenant = on("small");
        stripe.chargeForChange(-1);

        change(tenant, "large").then().statusCode(402).body("code", equalTo("PAYMENT_DECLINED"));

        assertThat(subscription(tenant).getString("plan")).isEqualTo("small");
        assertThat(granted(tenant)).isEqualTo(2_000);
        assertThat(count("select count(*) from app.plan_change where status = 'refused' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        stripe.chargeForChange(10_000);
        change(tenant, "large").then().statusCode(200);
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainAndChargedOnce() {
        TenantId tenant = on("small");
        int before = stripe.changes();
        stripe.loseChanges(2); // the JDK sends a POST twice whose answer is cut

        change(tenant, "large").then().statusCode(503).body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));
        assertThat(count("select count(*) from app.plan_change where status = 'unknown' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        sql("update app.plan_change set next_check_at = now() where status = 'unknown' and tenant_id = '" + tenant
                + "'");
        sweeper.sweep();

        assertThat(stripe.changes() - before).isEqualTo(1);
        assertThat(subscription(tenant).getString("plan")).isEqualTo("large");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void manyAtOnceAreOneChange() throws Exception {
        TenantId tenant = on("small");
        int before = stripe.changes();

        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> requests = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                requests.add(threads.submit(() -> change(tenant, "large").statusCode()));
            }
            for (Future<Integer> request : requests) {
                statuses.add(request.get());
            }
        }

        assertThat(statuses).contains(200).isSubsetOf(200, 409);
        assertThat(stripe.changes() - before).isEqualTo(1);
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void aDowngradeWaitsForThePeriodsEndAndCanBeTakenBack() {
        TenantId tenant = on("large");
        String sub = text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");

        change(tenant, "small")
                .then()
                .statusCode(200)
                .body("effective", equalTo("period_end"))
                .body("charge", nullValue())
                .body("subscription.plan", equalTo("large"))
                .body("subscription.pending_plan", equalTo("small"));
        owner(tenant)
                .delete("/api/v1/subscription/change")
                .then()
                .statusCode(200)
                .body("pending_plan", nullValue());
        owner(tenant)
                .delete("/api/v1/subscription/change")
                .then()
                .statusCode(404)
                .body("code", equalTo("PLAN_CHANGE_NOT_FOUND"));
        change(tenant, "small").then().statusCode(200);
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000);

        Instant renewal = NOW.plus(Duration.ofDays(30));
        stripe.period(sub, renewal, renewal.plus(Duration.ofDays(30)));
        stripe.invoice(sub, renewal, renewal.plus(Duration.ofDays(30)), 10_000, "paid");
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "customer.subscription.updated", "subscription", sub));

        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo("small"));
        assertThat(subscription(tenant).getString("pending_plan")).isNull();
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000 + 1_000);
    }

    @Test
    void upAndDownAndUpAgainBringsNothingTwice() {
        TenantId tenant = on("small");
        change(tenant, "large").then().statusCode(200);
        change(tenant, "small").then().statusCode(200);
        change(tenant, "large").then().statusCode(409).body("code", equalTo("PLAN_UNCHANGED"));
        owner(tenant).delete("/api/v1/subscription/change").then().statusCode(200);

        assertThat(subscription(tenant).getString("plan")).isEqualTo("large");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void aFreePlanFollowsWhenThePaidPeriodEnds() {
        TenantId tenant = on("small");
        String sub = text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");

        change(tenant, "gratis")
                .then()
                .statusCode(200)
                .body("effective", equalTo("period_end"))
                .body("subscription.cancel_at_period_end", equalTo(true))
                .body("subscription.pending_plan", equalTo("gratis"));
        stripe.set(sub, "status", "canceled");
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "customer.subscription.deleted", "subscription", sub));

        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo("gratis"));
        assertThat(subscription(tenant).getString("status")).isEqualTo("active");
        assertThat(subscription(tenant).getString("provider")).isNull();
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 70);
    }

    @Test
    void fromATrialThePlanIsBoughtOnAPage() {
        TenantId tenant = tenantInTrial();

        change(tenant, "small")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(10_000))
                .body("url", startsWith("https://checkout.example/cs_test_"))
                .body("subscription.status", equalTo("trial"));
        change(tenant, "gratis")
                .then()
                .statusCode(200)
                .body("subscription.plan", equalTo("gratis"))
                .body("url", nullValue());
    }

    @Test
    void aPreviewSaysWhatTheProviderSaysAndChangesNothing() {
        TenantId tenant = on("small");
        stripe.chargeForChange(12_345);

        owner(tenant)
                .body("{\"plan\":\"large\"}")
                .post("/api/v1/subscription/change/preview")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(12_345));

        assertThat(subscription(tenant).getString("plan")).isEqualTo("small");
        assertThat(count("select count(*) from app.plan_change where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void aCheckoutThatIsPaidAfterAChangeReplacesWhatWasChanged() {
        TenantId tenant = on("small");
        plan("other", 20_000, 500, 0);
        String session = session(tenant, "other");
        change(tenant, "large").then().statusCode(200);
        stripe.pay(session, NOW.plusSeconds(5), NOW.plusSeconds(5).plus(Duration.ofDays(30)));
        webhook(StripeStub.event(
                "evt_" + UUID.randomUUID(), "checkout.session.completed", "checkout.session", session));

        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo("other"));
        assertThat(count("select sum(credits) from app.credit_lot where close_requested_at is null and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(500);
    }

    @Test
    void whatCannotBeChangedIsRefused() {
        TenantId tenant = on("small");

        change(tenant, "nowhere").then().statusCode(422).body("code", equalTo("PLAN_UNKNOWN"));
        change(tenant, "small").then().statusCode(409).body("code", equalTo("PLAN_UNCHANGED"));
        owner(tenant)
                .body("{\"plan\":\"large\",\"tenant_id\":\"x\"}")
                .post("/api/v1/subscription/change")
                .then()
                .statusCode(400);
    }
}
