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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.PaymentRefused;
import dev.parley.billing.plan.Plan;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class PlanChangeIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private static final Instant SECOND = NOW.plus(Duration.ofDays(30));
    private static final Instant THIRD = SECOND.plus(Duration.ofDays(30));

    @Inject
    SweepForTests sweeper;

    @Inject
    PlanChangeService changes;

    @Inject
    PaymentProviders providers;

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

    /** Goes up to the large plan for half of the price difference. */
    private static void upgraded(TenantId tenant) {
        change(tenant, "large")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(10_000))
                .body("subscription.plan", equalTo("large"))
                .body("subscription.pending_plan", nullValue());
    }

    private static String subscriptionOf(TenantId tenant) {
        return text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");
    }

    private static String lastChange(TenantId tenant) {
        return text("select concat_ws(' ', status, timing, to_code, charged, credits) from app.plan_change"
                + " where tenant_id = '" + tenant + "' order by id desc limit 1");
    }

    private static String openLots(TenantId tenant) {
        return text("select string_agg(credits::text, ' ' order by credits) from app.credit_lot"
                + " where close_requested_at is null and source = 'plan' and tenant_id = '" + tenant + "'");
    }

    private static void tell(String type, String kind, String id) {
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), type, kind, id))
                .then()
                .statusCode(200);
    }

    /** The second period has begun at the provider, and nobody told us. */
    private String renewed(String subscription, long amount, String status) {
        stripe.period(subscription, SECOND, THIRD);
        return stripe.invoice(subscription, SECOND, THIRD, amount, status);
    }

    private static long granted(TenantId tenant) {
        return -ledger(tenant, "credits:granted");
    }

    @Test
    void anUpgradeIsChargedAtOnceAndBringsTheShareThatWasPaid() {
        TenantId tenant = on("small");

        upgraded(tenant);

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
    void anUpgradeWaitsUntilTheRenewalIsPaid() {
        TenantId tenant = on("small");
        renewed(subscriptionOf(tenant), 10_000, "draft");
        int before = stripe.changes();

        change(tenant, "large").then().statusCode(409).body("code", equalTo("SUBSCRIPTION_UNPAID"));

        assertThat(stripe.changes()).isEqualTo(before);
        assertThat(subscription(tenant).getString("current_period_start")).isEqualTo(SECOND.toString());
    }

    @Test
    void aPeriodThatIsPaidAfterItsUpgradeIsGrantedAsItWasBought() {
        TenantId tenant = on("small");
        String sub = subscriptionOf(tenant);
        String first = stripe.latestInvoice(sub);
        String renewal = renewed(sub, 10_000, "draft");
        stripe.set(sub, "latest_invoice", first);
        change(tenant, "large").then().statusCode(200);
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
        stripe.set(renewal, "status", "paid");

        for (int i = 0; i < 3; i++) {
            tell("invoice.paid", "invoice", renewal);
        }

        eventually(() -> assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000 + 1_000));
        assertThat(openLots(tenant)).isEqualTo("1000 4000");
        assertThat(text("select plan_code from app.invoice where provider_invoice_id = '" + renewal + "'"))
                .isEqualTo("small");
    }

    @Test
    void aPeriodBringsNoMoreThanIsPaidForIt() {
        TenantId tenant = on("large");
        String sub = subscriptionOf(tenant);

        renewed(sub, 10_000, "paid");
        tell("customer.subscription.updated", "subscription", sub);

        // A third of the price of 30,000.
        eventually(() -> assertThat(granted(tenant)).isEqualTo(1_000 + 9_000 + 3_000));
    }

    @Test
    void whatHasBegunIsNotTakenBack() {
        TenantId tenant = on("large");
        String sub = subscriptionOf(tenant);
        change(tenant, "small").then().statusCode(200);
        Plan large = changes.current(tenant);
        renewed(sub, 10_000, "paid");
        PaymentProvider provider = providers.named("stripe");

        assertThatThrownBy(() -> provider.withdrawChange(sub, large, UUID.randomUUID()))
                .isInstanceOf(PaymentRefused.class);
        owner(tenant)
                .delete("/api/v1/subscription/change")
                .then()
                .statusCode(404)
                .body("code", equalTo("PLAN_CHANGE_NOT_FOUND"));

        assertThat(provider.fetchSubscription(sub).orElseThrow().plan().code()).isEqualTo("small");
        assertThat(subscription(tenant).getString("plan")).isEqualTo("small");
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000 + 1_000);
    }

    @Test
    void oneThingAtATimeIsDoneToAPlan() {
        TenantId tenant = on("large");
        plan("huge", 90_000, 20_000, 0);
        change(tenant, "small").then().statusCode(200);
        Caller owner = new Caller(tenant, "somebody", "password", Set.of("owner"), Set.of(), null);

        assertThatThrownBy(() -> changes.begin(owner, "huge"))
                .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type())
                        .isEqualTo(PlanChangeProblem.PLAN_CHANGE_RUNNING));
        sql("update app.plan_change set status = 'unknown', timing = 'now', to_code = 'huge' where tenant_id = '"
                + tenant + "'");
        owner(tenant)
                .delete("/api/v1/subscription/change")
                .then()
                .statusCode(409)
                .body("code", equalTo("PLAN_CHANGE_RUNNING"));

        assertThat(subscription(tenant).getString("pending_plan")).isEqualTo("small");
    }

    @Test
    void anUpgradeIsQuotedForWhatTheProviderSaysNow() {
        TenantId tenant = on("large");
        change(tenant, "small").then().statusCode(200);
        renewed(subscriptionOf(tenant), 10_000, "paid");

        upgraded(tenant);

        assertThat(lastChange(tenant)).isEqualTo("done now large 10000 4000");
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000 + 1_000 + 4_000);
    }

    /** Whatever we thought of it meanwhile: the provider shows the plan, and then the money for it. */
    @ParameterizedTest
    @ValueSource(strings = {"unknown", "refused", "void"})
    void aChangeIsMadeWhenItsChargeIsPaidAtLast(String meanwhile) {
        TenantId tenant = on("small");
        String sub = subscriptionOf(tenant);
        stripe.loseChanges(2); // the JDK sends a POST twice whose answer is cut
        change(tenant, "large").then().statusCode(503);
        String charge = stripe.latestInvoice(sub);
        stripe.set(charge, "status", "open");
        sql("update app.plan_change set created_at = now() - interval '21 hours', next_check_at = now()"
                + " where tenant_id = '" + tenant + "'");

        sweeper.sweep();
        assertThat(subscription(tenant).getString("plan")).isEqualTo("large");
        assertThat(lastChange(tenant)).isEqualTo("unknown now large");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000);
        sql("update app.plan_change set status = '" + meanwhile + "' where tenant_id = '" + tenant + "'");
        stripe.set(charge, "status", "paid");
        tell("invoice.paid", "invoice", charge);

        eventually(() -> assertThat(lastChange(tenant)).isEqualTo("done now large 10000 4000"));
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void aChangeIsPaidByItsOwnInvoice() {
        TenantId tenant = on("small");
        String sub = subscriptionOf(tenant);
        plan("middle", 20_000, 5_000, 0);
        change(tenant, "middle").then().statusCode(200);
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
        stripe.chargeForChange(0); // its invoice comes a moment later

        change(tenant, "large").then().statusCode(200).body("subscription.plan", equalTo("large"));

        assertThat(lastChange(tenant)).isEqualTo("unknown now large");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
        change(tenant, "small").then().statusCode(409).body("code", equalTo("PLAN_CHANGE_RUNNING"));
        String charge = stripe.invoice(sub, Instant.now().plusSeconds(1), SECOND, 5_000, "paid");
        stripe.set(charge, "billing_reason", "subscription_update");
        tell("invoice.paid", "invoice", charge);
        eventually(() -> assertThat(lastChange(tenant)).isEqualTo("done now large 5000 2000"));
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000 + 2_000);
    }

    @Test
    void whoAskedForAChangeIsKnownWhateverCameOfIt() {
        TenantId tenant = on("small");
        stripe.dropChanges(2); // the JDK sends a POST twice whose answer is cut

        change(tenant, "large").then().statusCode(503);
        change(tenant, "large").then().statusCode(200);

        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .filteredOn(event -> event.data().path("action").asText().equals("subscription.change"))
                .singleElement()
                .satisfies(event -> assertThat(event.data()
                                .path("after")
                                .path("to")
                                .path("code")
                                .asText())
                        .isEqualTo("large")));
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
