package dev.parley.billing.reconciliation;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.newTenant;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.session;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.PolicyStub;
import dev.parley.billing.StripeStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class ReconciliationIT {
    private static final String PATH = "/api/v1/admin/reconciliations";

    private static final AtomicInteger PLANS = new AtomicInteger();

    @Inject
    ReconciliationService reconciliations;

    @Inject
    SweepForTests sweeper;

    private static String lot(TenantId tenant) {
        return text(
                "select id from app.credit_lot where closed_at is null and close_requested_at is null and tenant_id = '"
                        + tenant + "'");
    }

    private static void policySays(TenantId tenant, long version, long available, String lots) {
        PolicyStub.shared().entitlement(tenant, "{\"plan\":\"any\",\"version\":%d}".formatted(version));
        PolicyStub.shared().balance(tenant, """
                        {"policy_version":9,"granted":0,"available":%d,"held":0,"lots":[%s]}
                        """.formatted(available, lots));
    }

    private static String openLot(String id, long granted, long remaining) {
        return "{\"id\":\"%s\",\"source\":\"trial\",\"granted\":%d,\"remaining\":%d,\"unspent\":null,\"expires_at\":null}"
                .formatted(id, granted, remaining);
    }

    /** Reconciles one tenant and answers the report. */
    private static JsonPath report(TenantId tenant) {
        String id = staff().body("{\"tenant_id\":\"" + tenant + "\"}")
                .post(PATH)
                .then()
                .statusCode(202)
                .body("state", equalTo("running"))
                .extract()
                .path("id");
        eventually(() -> staff().get(PATH + "/" + id).then().statusCode(200).body("state", equalTo("done")));
        return staff().get(PATH + "/" + id).jsonPath();
    }

    /** Policy has heard the question that a balance came with, and answers it. */
    private static void policyAnswers(TenantId tenant, String drift) {
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .filteredOn(event -> event.type().equals("billing.credits-withdrawn.v1")
                        && event.data().path("withdrawal_id").asText().equals(drift))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.data().path("credits").asLong()).isZero()));
        Events.publish(
                "policy.usage.events",
                "policy.credits-taken.v1",
                tenant,
                "{\"withdrawal_id\":\"%s\",\"credits\":0,\"lots\":[]}".formatted(drift));
        eventually(() -> assertThat(text("select echoed_at from app.reconciliation_drift where id = '" + drift + "'"))
                .isNotNull());
    }

    private static JsonPath repair(JsonPath report) {
        return staff().body("{\"reason\":\"month end\"}")
                .post(PATH + "/" + report.getString("id") + "/repair")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /** Reports exactly these kinds, repairs them by one click, and answers the report. */
    private static JsonPath repairs(TenantId tenant, String... kinds) {
        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind")).containsExactly((Object[]) kinds);
        assertThat(repair(report).getList("items.state", String.class))
                .startsWith("repaired")
                .doesNotContain("open");
        return report;
    }

    private static void isClean(TenantId tenant) {
        JsonPath report = report(tenant);
        assertThat(report.getList("items")).isEmpty();
        assertThat(report.getInt("not_compared")).isZero();
    }

    /** Policy knows what we know of a subscription whose only open lot is untouched. */
    private static void agreeing(TenantId tenant, long credits, String... otherLots) {
        eventually(() -> assertThat(lot(tenant)).isNotNull());
        long version = count("select version from app.subscription where tenant_id = '" + tenant + "'");
        String others = otherLots.length == 0 ? "" : "," + String.join(",", otherLots);
        policySays(tenant, version, credits, openLot(lot(tenant), credits, credits) + others);
    }

    /** Policy tells that a lot ended. */
    private static void closed(TenantId tenant, String lot, long unspent) {
        Events.publish(
                "policy.usage.events",
                "policy.lot-closed.v1",
                tenant,
                "{\"lot_id\":\"%s\",\"unspent\":%d}".formatted(lot, unspent));
        eventually(() -> assertThat(text("select closed_at from app.credit_lot where id = '" + lot + "'"))
                .isNotNull());
    }

    private static String closedLot(String id, long granted, long unspent) {
        return "{\"id\":\"%s\",\"source\":\"plan\",\"granted\":%d,\"remaining\":0,\"unspent\":%d,\"expires_at\":null}"
                .formatted(id, granted, unspent);
    }

    private static String paidPlan() {
        String code = "reconciled-" + PLANS.incrementAndGet();
        plan(code, 499_900, 50, 0);
        return code;
    }

    private static String pack() {
        String code = "reconciled-pack-" + PLANS.incrementAndGet();
        staff().body("""
                        {"code":"%s","name":"Pack","price":{"amount":50000,"currency":"INR"},"credits":5000}
                        """.formatted(code))
                .post("/api/v1/admin/credit-packs")
                .then()
                .statusCode(201);
        return code;
    }

    @Test
    void sidesThatAgreeLeaveAnEmptyReport() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 1_000, openLot(lot(tenant), 1_000, 1_000));

        JsonPath report = report(tenant);

        assertThat(report.getInt("tenants")).isEqualTo(1);
        assertThat(report.getInt("not_compared")).isZero();
        assertThat(report.getList("items")).isEmpty();
    }

    @Test
    void theBalanceIsPutRightByACompensatingEntryOnce() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 940, openLot(lot(tenant), 1_000, 940));

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind")).containsExactly("BALANCE");
        assertThat(report.getString("items[0].repair")).isEqualTo("compensate");
        // What explains it may be on its way still: nothing is compensated before policy has answered.
        staff().body("{\"reason\":\"month end\"}")
                .post(PATH + "/" + report.getString("id") + "/repair")
                .then()
                .statusCode(409)
                .body("code", equalTo("RECONCILIATION_EVENTS_WAITING"));
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
        policyAnswers(tenant, report.getString("items[0].id"));
        JsonPath repaired = repair(report);
        repair(report);

        assertThat(repaired.getString("items[0].state")).isEqualTo("repaired");
        assertThat(repaired.getString("items[0].repaired_by")).isEqualTo("staff");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(940);
        assertThat(ledger(tenant, "credits:repaired")).isEqualTo(60);
        assertThat(count("select count(*) from app.ledger_transfer where kind = 'repair' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        assertThat(report(tenant).getList("items")).isEmpty();
        eventually(() -> assertThat(Events.of("platform.audit.events", tenant))
                .extracting(event -> event.data().get("action").asText() + " because of "
                        + event.data().get("reason").asText())
                .contains("reconciliation.repair because of month end"));
    }

    @Test
    void whatHasGoneMeanwhileIsNotRepaired() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 1, 940, openLot(lot(tenant), 1_000, 940));
        JsonPath report = report(tenant);
        policyAnswers(tenant, report.getString("items[0].id"));
        policySays(tenant, 1, 1_000, openLot(lot(tenant), 1_000, 1_000));

        assertThat(repair(report).getString("items[0].state")).isEqualTo("gone");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(1_000);
    }

    @Test
    void policyIsToldAgainOfWhatItMissed() {
        TenantId tenant = tenantInTrial();
        policySays(tenant, 0, 0, "");
        eventually(() ->
                assertThat(Events.of("billing.subscription.events", tenant)).hasSize(2));

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind"))
                .containsExactlyInAnyOrder("ENTITLEMENT_BEHIND", "LOT_UNKNOWN_TO_POLICY");
        repair(report);
        policySays(tenant, 1, 1_000, openLot(lot(tenant), 1_000, 1_000));
        isClean(tenant);

        eventually(() -> {
            List<Events.Published> told = Events.of("billing.subscription.events", tenant);
            assertThat(told).hasSize(4);
            assertThat(told.stream()
                            .filter(event -> event.type().equals("billing.credits-granted.v1"))
                            .map(event -> event.data().toString())
                            .distinct())
                    .hasSize(1);
        });
    }

    /** Whatever differs at the provider, the report names that alone, and one click makes us say the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SUBSCRIPTION_STATUS",
                "SUBSCRIPTION_CANCELLATION",
                "SUBSCRIPTION_PERIOD",
                "INVOICE_STATUS",
                "INVOICE_AMOUNT"
            })
    void whatTheProviderSaysIsFetchedAndApplied(String kind) {
        TenantId tenant = newTenant();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String subscription = paid(tenant, paidPlan(), now);
        agreeing(tenant, 50);
        StripeStub stripe = StripeStub.shared();
        switch (kind) {
            case "SUBSCRIPTION_STATUS" -> stripe.set(subscription, "status", "past_due");
            case "SUBSCRIPTION_CANCELLATION" -> stripe.set(subscription, "cancel_at_period_end", true);
            case "SUBSCRIPTION_PERIOD" -> stripe.period(subscription, now, now.plus(Duration.ofDays(31)));
            case "INVOICE_STATUS" -> stripe.set(stripe.latestInvoice(subscription), "status", "uncollectible");
            default -> stripe.set(stripe.latestInvoice(subscription), "total", 499_899);
        }

        repairs(tenant, kind);
        agreeing(tenant, 50);
        isClean(tenant);

        if (kind.equals("SUBSCRIPTION_STATUS")) {
            assertThat(status(tenant)).isEqualTo("past_due");
        }
    }

    @Test
    void aSubscriptionThatNobodyToldOfIsFoundInTheProvidersListAndApplied() {
        TenantId tenant = tenantInTrial();
        String trial = lot(tenant);
        policySays(tenant, 1, 1_000, openLot(trial, 1_000, 1_000));
        String session = session(tenant, paidPlan());
        Instant now = Instant.now();
        String subscription = StripeStub.shared().pay(session, now, now.plus(Duration.ofDays(30)));
        StripeStub.shared().pay(session(newTenant(), paidPlan()), now, now.plus(Duration.ofDays(30)));

        JsonPath report = repairs(tenant, "SUBSCRIPTION_UNHEARD");
        assertThat(report.getString("items[0].subject")).isEqualTo("stripe:" + subscription);
        assertThat(report.getString("items[0].found")).isEqualTo("active");

        assertThat(status(tenant)).isEqualTo("active");
        closed(tenant, trial, 1_000);
        agreeing(tenant, 50, closedLot(trial, 1_000, 1_000));
        isClean(tenant);
        assertThat(ledger(tenant, "credits:available")).isEqualTo(50);
    }

    @Test
    void aRenewalThatNobodyToldOfIsFetchedWithItsInvoiceAndItsCredits() {
        TenantId tenant = newTenant();
        Instant start = Instant.now().minus(Duration.ofDays(10)).truncatedTo(ChronoUnit.SECONDS);
        String subscription = paid(tenant, paidPlan(), start);
        String before = lot(tenant);
        agreeing(tenant, 50);
        Instant next = start.plus(Duration.ofDays(30));
        Instant end = next.plus(Duration.ofDays(30));
        StripeStub.shared().period(subscription, next, end);
        StripeStub.shared().invoice(subscription, next, end, 499_900, "paid");

        repairs(tenant, "SUBSCRIPTION_PERIOD", "INVOICE_MISSING");

        closed(tenant, before, 50);
        agreeing(tenant, 50, closedLot(before, 50, 50));
        isClean(tenant);
    }

    @Test
    void anOlderInvoiceThatNobodyToldOfIsFound() {
        TenantId tenant = newTenant();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String subscription = paid(tenant, paidPlan(), now);
        agreeing(tenant, 50);
        String newest = StripeStub.shared().latestInvoice(subscription);
        String older = StripeStub.shared()
                .invoice(subscription, now.minus(Duration.ofDays(30)), now.minusSeconds(1), 10_000, "paid");
        StripeStub.shared().set(subscription, "latest_invoice", newest);

        JsonPath report = repairs(tenant, "INVOICE_UNHEARD");

        assertThat(report.getString("items[0].subject")).isEqualTo("stripe:" + older);
        assertThat(report.getString("items[0].found")).isEqualTo("paid 10000 INR");
        assertThat(count("select count(*) from app.invoice where provider_invoice_id = '" + older + "'"))
                .isEqualTo(1);
        // Its period is over: what it paid for is for a person to decide.
        JsonPath left = report(tenant);
        assertThat(left.getList("items.kind")).containsExactly("INVOICE_WITHOUT_LOT");
        assertThat(left.getString("items[0].repair")).isEqualTo("none");
    }

    @Test
    void aChargeForAChangeThatNobodyAskedForIsADrift() {
        TenantId tenant = newTenant();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String subscription = paid(tenant, paidPlan(), now);
        agreeing(tenant, 50);
        StripeStub stripe = StripeStub.shared();
        String charge = stripe.invoice(subscription, now, now.plus(Duration.ofDays(30)), 700, "paid");
        stripe.set(charge, "billing_reason", "subscription_update");
        webhook(StripeStub.event("evt_" + UUID.randomUUID(), "invoice.paid", "invoice", charge));
        eventually(
                () -> assertThat(count("select count(*) from app.invoice where provider_invoice_id = '" + charge + "'"))
                        .isEqualTo(1));

        JsonPath report = report(tenant);

        assertThat(report.getList("items.kind")).containsExactly("INVOICE_WITHOUT_LOT");
        assertThat(report.getString("items[0].subject")).isEqualTo(charge);
        assertThat(report.getString("items[0].expected")).isEqualTo("a lot for 700 INR");
        assertThat(ledger(tenant, "credits:available")).isEqualTo(50);
    }

    @Test
    void aPaymentThatNobodyToldOfIsGrantedAndOneThatWasGivenBackEndsItsLot() {
        String pack = pack();
        TenantId tenant = tenantInTrial();
        String trial = lot(tenant);
        policySays(tenant, 1, 1_000, openLot(trial, 1_000, 1_000));
        String url = owner(tenant)
                .body("""
                        {"pack":"%s","success_url":"https://shop.example/ok","cancel_url":"https://shop.example/no"}
                        """.formatted(pack))
                .post("/api/v1/checkout")
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        String payment = StripeStub.shared().payPack(url.substring(url.lastIndexOf('/') + 1));

        JsonPath report = repairs(tenant, "PAYMENT_UNHEARD");
        assertThat(report.getString("items[0].found")).isEqualTo("stripe:" + payment + " 50000 INR");
        String bought = text("select id from app.credit_lot where source = 'pack' and tenant_id = '" + tenant + "'");
        policySays(tenant, 1, 6_000, openLot(trial, 1_000, 1_000) + "," + openLot(bought, 5_000, 5_000));
        isClean(tenant);

        StripeStub.shared().giveBack(payment);
        assertThat(repairs(tenant, "PAYMENT_GIVEN_BACK").getString("items[0].subject"))
                .isEqualTo(bought);
        closed(tenant, bought, 4_000);
        policySays(tenant, 1, 2_000, openLot(trial, 1_000, 1_000) + "," + closedLot(bought, 5_000, 4_000));
        isClean(tenant);
        assertThat(ledger(tenant, "credits:granted")).isEqualTo(-2_000);
    }

    @Test
    void whatWasReplacedAndIsChargedStillIsCancelledAgain() {
        TenantId tenant = newTenant();
        String first = paid(tenant, paidPlan(), Instant.now().minusSeconds(60));
        String replaced = lot(tenant);
        String plan = paidPlan();
        paid(tenant, plan, Instant.now());
        sweeper.sweep();
        eventually(() -> assertThat(text("select cancelled_at from app.provider_subscription where tenant_id = '"
                        + tenant + "' and provider_subscription_id = '" + first + "'"))
                .isNotNull());
        closed(tenant, replaced, 50);
        agreeing(tenant, 50, closedLot(replaced, 50, 50));
        String twice = text("select id from app.invoice where tenant_id = '" + tenant
                + "' and provider_subscription_id = '" + first + "'");
        JsonPath paidTwice = report(tenant);
        assertThat(paidTwice.getList("items.kind")).containsExactly("PAID_FOR_NOTHING");
        assertThat(paidTwice.getString("items[0].subject")).isEqualTo(twice);
        assertThat(paidTwice.getString("items[0].found")).isEqualTo("499900 INR at stripe");
        assertThat(paidTwice.getString("items[0].repair")).isEqualTo("none");
        staff().body("{\"invoice_id\":\"" + twice + "\",\"reason\":\"paid twice\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                .then()
                .statusCode(201)
                .body("amount.amount", equalTo(499_900));
        isClean(tenant);
        StripeStub.shared().set(first, "status", "active");

        JsonPath report = repairs(tenant, "SUBSCRIPTION_STILL_CHARGED");

        assertThat(report.getString("items[0].subject")).isEqualTo("stripe:" + first);
        assertThat(StripeStub.shared().cancelled().stream().filter(first::equals))
                .hasSize(2);
        isClean(tenant);
    }

    @Test
    void aLotThatPolicyDidNotEndIsEndedThereAndThenHere() {
        TenantId tenant = tenantInTrial();
        String trial = lot(tenant);
        sql("update app.credit_lot set close_requested_at = now() - interval '1 second' where id = '" + trial + "'");
        policySays(tenant, 1, 1_000, openLot(trial, 1_000, 1_000));

        repairs(tenant, "LOT_OPEN_AT_POLICY");
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .extracting(Events.Published::type)
                .contains("billing.credits-closed.v1"));
        policySays(tenant, 1, 100, closedLot(trial, 1_000, 900));
        repairs(tenant, "LOT_END_NOT_BOOKED");

        assertThat(ledger(tenant, "credits:expired")).isEqualTo(900);
        isClean(tenant);
    }

    @Test
    void aRefundThatWaitsForALotsEndGoesOnWhenTheEndIsBooked() {
        TenantId tenant = tenantInTrial();
        String trial = lot(tenant);
        sql("update app.credit_lot set close_requested_at = now() - interval '1 second', close_reason = 'refund'"
                + " where id = '" + trial + "'");
        sql("""
                insert into app.payment_refund (tenant_id, id, lot_id, provider, provider_payment, paid_amount, currency,
                    lot_credits, reason, created_by, decision_id)
                values ('%s', '%2$s', '%3$s', 'stripe', 'pi_lost', 5000, 'INR', 1000, 'test', 'staff', '%2$s')
                """.formatted(tenant, UUID.randomUUID(), trial));
        policySays(tenant, 1, 100, closedLot(trial, 1_000, 900));

        repairs(tenant, "LOT_END_NOT_BOOKED");

        assertThat(text("select status || ' ' || unspent || ' ' || amount from app.payment_refund where tenant_id = '"
                        + tenant + "'"))
                .isEqualTo("unknown 900 4500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage", "grant", "expiry"})
    void anEntryThatTheLedgerLacksIsBooked(String kind) {
        TenantId tenant = tenantInTrial();
        UUID id = UUID.randomUUID();
        String trial = lot(tenant);
        switch (kind) {
            case "usage" -> {
                sql("""
                        insert into app.usage_log (tenant_id, usage_id, operation_id, at, agent, channel, meter, quantity,
                            credits, estimated)
                        values ('%s', '%2$s', '%2$s', now(), 'concierge', 'web', 'message', 7, 7, false)
                        """.formatted(tenant, id));
                policySays(tenant, 1, 993, openLot(trial, 1_000, 993));
            }
            case "grant" -> {
                sql("""
                        insert into app.credit_lot (tenant_id, id, source, grant_key, credits, created_by)
                        values ('%s', '%2$s', 'pack', 'lost:%2$s', 7, 'test')
                        """.formatted(tenant, id));
                policySays(tenant, 1, 1_007, openLot(trial, 1_000, 1_000) + "," + openLot(id.toString(), 7, 7));
            }
            default -> {
                sql("update app.credit_lot set closed_at = now(), unspent = 1000 where id = '" + trial + "'");
                policySays(tenant, 1, 0, closedLot(trial, 1_000, 1_000));
            }
        }

        JsonPath report = repairs(tenant, "NOT_BOOKED");

        assertThat(report.getString("items[0].subject")).startsWith(kind + ":");
        assertThat(ledger(tenant, "credits:available"))
                .isEqualTo(
                        switch (kind) {
                            case "usage" -> 993;
                            case "grant" -> 1_007;
                            default -> 0;
                        });
        isClean(tenant);
    }

    @Test
    void oneReplicaRunsTheNight() {
        LocalDate night = LocalDate.parse("2031-01-01");
        assertThat(reconciliations.beginNight(night)).isPresent();
        assertThat(reconciliations.beginNight(night)).isEmpty();
        staff().get(PATH).then().statusCode(200).body("items.cause", hasItem("night"));
        staff().get(PATH + "/" + UUID.randomUUID()).then().statusCode(404);
    }

    /** A replica's job in that night, and what its gauge shows. */
    private final class Replica {
        final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        final ReconciliationJob job;

        Replica(LocalDate night, ReconciliationFlow flow) {
            Clock clock = Clock.fixed(night.atTime(2, 30).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
            job = new ReconciliationJob(reconciliations, flow, clock, metrics);
        }

        double shows() {
            job.look();
            return metrics.get("billing.reconciliation.drifts").gauge().value();
        }
    }

    @Test
    void everyReplicaShowsWhatTheNewestNightFoundWhicheverRanIt() {
        LocalDate night = LocalDate.parse("2031-02-01");
        Replica first = new Replica(night, null);
        Replica second = new Replica(night, null);
        reconciliations.finish(reconciliations.beginNight(night).orElseThrow(), 5, 0, 3);

        assertThat(first.shows()).isEqualTo(3);
        assertThat(second.shows()).isEqualTo(3);
        assertThat(new Replica(night, null).shows()).isEqualTo(3);

        UUID next = reconciliations.beginNight(night.plusDays(1)).orElseThrow();
        assertThat(first.shows()).as("until the next has come to its end").isEqualTo(3);
        reconciliations.finish(next, 5, 0, 0);
        assertThat(first.shows()).isZero();
        assertThat(second.shows()).isZero();
    }

    @Test
    void aNightWhoseRunWasGivenUpIsRunAgain() {
        LocalDate night = LocalDate.parse("2031-03-01");
        UnheardFlow broken = new UnheardFlow(null, null, null, null, null, null) {
            @Override
            Found find(TenantId only) {
                throw new IllegalStateException("the database is away");
            }
        };
        ReconciliationFlow flow = new ReconciliationFlow(reconciliations, null, null, broken, null, null, null, null);

        new Replica(night, flow).job.run();

        assertThat(text("select state from app.reconciliation order by id desc limit 1"))
                .isEqualTo("abandoned");
        assertThat(reconciliations.beginNight(night)).isPresent();
        assertThat(reconciliations.beginNight(night)).isEmpty();
    }

    @Test
    void aWithdrawalThatNobodyAnsweredIsRepeatedAndBlindsNobody() {
        TenantId tenant = tenantInTrial();
        String id = staff().body("{\"credits\":-60,\"reason\":\"granted by mistake\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/credit-adjustments")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        // Policy took them, and its answer was lost. Tests have no patience: just asked is in the future here.
        policySays(tenant, 1, 940, openLot(lot(tenant), 940, 940));
        sql("update app.credit_adjustment set updated_at = now() + interval '1 hour' where id = '" + id + "'");
        isClean(tenant);
        sql("update app.credit_adjustment set updated_at = now() - interval '1 hour' where id = '" + id + "'");

        JsonPath report = report(tenant);
        assertThat(report.getList("items.kind"))
                .containsExactlyInAnyOrder("WITHDRAWAL_UNANSWERED", "LOT_CREDITS", "BALANCE");
        assertThat(report.getString("items.find { it.kind == 'WITHDRAWAL_UNANSWERED' }.subject"))
                .isEqualTo(id);
        assertThat(report.getString("items.find { it.kind == 'BALANCE' }.repair"))
                .as("the answer explains it")
                .isEqualTo("none");
        repair(report);

        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .filteredOn(event -> event.type().equals("billing.credits-withdrawn.v1"))
                .hasSize(2)
                .allSatisfy(event -> {
                    assertThat(event.data().path("withdrawal_id").asText()).isEqualTo(id);
                    assertThat(event.data().path("credits").asLong()).isEqualTo(60);
                }));
        Events.publish(
                "policy.usage.events",
                "policy.credits-taken.v1",
                tenant,
                "{\"withdrawal_id\":\"%s\",\"credits\":60,\"lots\":[{\"lot_id\":\"%s\",\"credits\":60}]}"
                        .formatted(id, lot(tenant)));
        eventually(() -> assertThat(ledger(tenant, "credits:available")).isEqualTo(940));
        isClean(tenant);
    }
}
