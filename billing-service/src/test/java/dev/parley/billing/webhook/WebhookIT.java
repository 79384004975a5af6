package dev.parley.billing.webhook;

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
import static dev.parley.billing.Billing.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.payment.ElsewhereProvider;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class WebhookIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration MONTH = Duration.ofDays(30);
    private final StripeStub stripe = StripeStub.shared();

    @Inject
    Database database;

    @Inject
    WebhookRepository inbox;

    @Inject
    ElsewhereProvider elsewhere;

    private static String id() {
        return "evt_" + UUID.randomUUID();
    }

    @Test
    void theSameWebhookFiveTimesIsOneGrant() {
        plan("hooked", 499_900, 49_990, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "hooked");
        stripe.pay(session, NOW, NOW.plus(MONTH));
        String body = StripeStub.event(id(), "checkout.session.completed", "checkout.session", session);

        for (int i = 0; i < 5; i++) {
            webhook(body).then().statusCode(200);
        }

        eventually(() -> assertThat(subscription(tenant).getString("status")).isEqualTo("active"));
        assertThat(subscription(tenant).getString("provider")).isEqualTo("stripe");
        assertThat(subscription(tenant).getString("current_period_end"))
                .isEqualTo(NOW.plus(MONTH).toString());
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 49_990);
        assertThat(count("select count(*) from app.checkout where status = 'completed' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        eventually(() -> assertThat(Events.of("billing.subscription.events", tenant))
                .extracting(Events.Published::type)
                .containsExactly(
                        "billing.credits-granted.v1",
                        "billing.subscription-changed.v1",
                        "billing.credits-closed.v1",
                        "billing.credits-granted.v1",
                        "billing.subscription-changed.v1"));
        owner(tenant)
                .get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].status", equalTo("paid"))
                .body("items[0].total.amount", equalTo(499_900))
                .body("items[0].total.currency", equalTo("INR"));
    }

    @Test
    void whatIsNotSignedNowByStripeIsRefusedAndNotStored() {
        String body = StripeStub.event(id(), "invoice.paid", "invoice", "in_none");
        long now = Instant.now().getEpochSecond();
        long before = count("select count(*) from app.provider_event");

        webhook(body, StripeStub.signature(body, "whsec_forged", now))
                .then()
                .statusCode(403)
                .body("code", equalTo("WEBHOOK_REFUSED"));
        webhook(body, StripeStub.signature(body, StripeStub.WEBHOOK_SECRET, now - 310))
                .then()
                .statusCode(403);
        webhook(body, StripeStub.signature(body, StripeStub.WEBHOOK_SECRET, now - 600))
                .then()
                .statusCode(403);
        webhook(body, StripeStub.signature(body, StripeStub.WEBHOOK_SECRET, now + 600))
                .then()
                .statusCode(403);
        webhook(body, StripeStub.signature(body, StripeStub.WEBHOOK_SECRET, now + 310))
                .then()
                .statusCode(403);
        webhook(body + " ", StripeStub.signature(body, StripeStub.WEBHOOK_SECRET, now))
                .then()
                .statusCode(403);
        webhook("{}", StripeStub.signature("{}", StripeStub.WEBHOOK_SECRET, now))
                .then()
                .statusCode(403);
        webhook("not json", StripeStub.signature("not json", StripeStub.WEBHOOK_SECRET, now))
                .then()
                .statusCode(403);

        assertThat(count("select count(*) from app.provider_event")).isEqualTo(before);
        webhook(body, StripeStub.signature(body, "whsec_before", now)).then().statusCode(200);
        assertThat(count("select count(*) from app.provider_event")).isEqualTo(before + 1);
    }

    @Test
    void unknownTypesAndUnknownObjectsAreStoredAndIgnored() {
        String unknownType = id();
        String unknownObject = id();

        webhook(StripeStub.event(unknownType, "radar.rule.mused", "radar.rule", "rule_1"))
                .then()
                .statusCode(200);
        webhook(StripeStub.event(unknownObject, "customer.subscription.updated", "subscription", "sub_of_others"))
                .then()
                .statusCode(200);

        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'ignored'"
                        + " and event_id in ('" + unknownType + "', '" + unknownObject + "')"))
                .isEqualTo(2));
    }

    @Test
    void aPaymentOfACustomerWhomNobodyKnowsIsStoredAndChangesNothing() {
        plan("stranger", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "stranger");
        String subscription = stripe.pay(session, NOW, NOW.plus(MONTH));
        sql("delete from app.checkout where tenant_id = '" + tenant + "'");
        long lots = count("select count(*) from app.credit_lot");
        String bought = id();
        String begun = id();

        webhook(StripeStub.event(bought, "checkout.session.completed", "checkout.session", session))
                .then()
                .statusCode(200);
        webhook(StripeStub.event(begun, "customer.subscription.created", "subscription", subscription))
                .then()
                .statusCode(200);

        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'ignored'"
                        + " and event_id in ('" + bought + "', '" + begun + "')"))
                .isEqualTo(2));
        assertThat(subscription(tenant).getString("status")).isEqualTo("trial");
        assertThat(count("select count(*) from app.credit_lot")).isEqualTo(lots);
        assertThat(count("select count(*) from app.invoice where tenant_id = '" + tenant + "'"))
                .isZero();
    }

    @Test
    void shuffledDuplicatesEndInTheProvidersStateWithOneGrantPerPaidPeriod() throws Exception {
        plan("shuffled", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "shuffled");
        Instant start = NOW.minus(MONTH).minus(Duration.ofDays(3));
        String subscription = stripe.pay(session, start, start.plus(MONTH));
        Instant second = start.plus(MONTH);
        List<String> bodies = new ArrayList<>(List.of(
                StripeStub.event(id(), "checkout.session.completed", "checkout.session", session),
                StripeStub.event(id(), "customer.subscription.created", "subscription", subscription)));
        stripe.period(subscription, second, second.plus(MONTH));
        String renewal = stripe.invoice(subscription, second, second.plus(MONTH), 10_000, "paid");
        stripe.set(subscription, "cancel_at_period_end", "true");
        bodies.addAll(List.of(
                StripeStub.event(id(), "invoice.paid", "invoice", renewal),
                StripeStub.event(id(), "invoice.payment_failed", "invoice", renewal),
                StripeStub.event(id(), "customer.subscription.deleted", "subscription", subscription),
                StripeStub.event(id(), "customer.subscription.updated", "subscription", subscription)));
        List<String> deliveries = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            deliveries.addAll(bodies);
        }
        Collections.shuffle(deliveries, new Random(20261121));

        try (var threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (String body : deliveries) {
                answers.add(threads.submit(() -> webhook(body).statusCode()));
            }
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }

        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
        assertThat(subscription(tenant).getString("status")).isEqualTo("active");
        assertThat(subscription(tenant).getString("current_period_start")).isEqualTo(second.toString());
        // The first period is over: only the second one's credits are granted, and once.
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500);
    }

    @Test
    void aRenewalGrantsOnlyWhenItsInvoiceIsPaidAndReplacesTheOldLot() {
        plan("renewed", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        Instant start = NOW.minus(Duration.ofDays(20));
        String sub = paid(tenant, "renewed", start);
        Instant second = NOW.minus(Duration.ofDays(1));
        stripe.period(sub, second, second.plus(MONTH));
        String invoice = stripe.invoice(sub, second, second.plus(MONTH), 10_000, "open");

        webhook(StripeStub.event(id(), "customer.subscription.updated", "subscription", sub))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(subscription(tenant).getString("current_period_start"))
                .isEqualTo(second.toString()));
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500);
        stripe.set(invoice, "status", "paid");
        webhook(StripeStub.event(id(), "invoice.paid", "invoice", invoice))
                .then()
                .statusCode(200);

        eventually(() -> assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500 + 500));
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is null and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aFailedPaymentIsPastDueAndAnEndedSubscriptionNeverComesBack() {
        plan("failing", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String sub = paid(tenant, "failing", NOW);

        stripe.set(sub, "status", "past_due");
        webhook(StripeStub.event(id(), "invoice.payment_failed", "subscription", sub))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(subscription(tenant).getString("status")).isEqualTo("past_due"));
        stripe.set(sub, "status", "canceled");
        webhook(StripeStub.event(id(), "customer.subscription.deleted", "subscription", sub))
                .then()
                .statusCode(200);
        eventually(() -> assertThat(subscription(tenant).getString("status")).isEqualTo("ended"));
        stripe.set(sub, "status", "active");
        String late = id();
        webhook(StripeStub.event(late, "customer.subscription.updated", "subscription", sub))
                .then()
                .statusCode(200);

        eventually(() -> assertThat(
                        count("select count(*) from app.provider_event where state = 'applied' and event_id = '" + late
                                + "'"))
                .isEqualTo(1));
        assertThat(subscription(tenant).getString("status")).isEqualTo("ended");
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is null and tenant_id = '"
                        + tenant + "'"))
                .isZero();
    }

    @Test
    void aWorkerThatDiedGivesItsEventsBack() {
        plan("abandoned", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "abandoned");
        stripe.pay(session, NOW, NOW.plus(MONTH));
        String event = id();
        Billing.sql("insert into app.provider_event (provider, account, event_id, type, object_kind, object_id, body,"
                + " headers, attempts, claimed_until) values ('stripe', '', '" + event
                + "', 'checkout.session.completed', 'checkout', '" + session
                + "', '', '{}', 1, now() + interval '1 s')");

        eventually(() -> assertThat(subscription(tenant).getString("status")).isEqualTo("active"));
    }

    @Test
    void whateverWaitsAboutOneObjectIsClaimedTogether() {
        String told = "sub_told" + id();
        String other = "sub_other" + id();
        for (String object : List.of(told, told, told, other)) {
            Billing.sql("insert into app.provider_event (provider, account, event_id, type, object_kind, object_id,"
                    + " body, headers, claimed_until) values ('stripe', '', '" + id()
                    + "', 'customer.subscription.updated', 'subscription', '" + object
                    + "', '', '{}', now() + interval '1 hour')");
        }

        List<StoredEvent> claimed = database.acrossTenants(relay -> {
            // The other one waits for a shorter time; nobody else sees them before this ends.
            relay.execute(
                    "update app.provider_event set claimed_until = now() - interval '1 day' where object_id = ?", told);
            relay.execute(
                    "update app.provider_event set claimed_until = now() - interval '1 hour' where object_id = ?",
                    other);
            return inbox.claim(relay, "stripe", 1);
        });

        assertThat(claimed).hasSize(3).extracting(StoredEvent::objectId).containsOnly(told);
        assertThat(claimed).extracting(StoredEvent::attempts).containsOnly(1);
    }

    @Test
    void aProviderThatDoesNotAnswerHoldsNobodyElseUp() {
        plan("undelayed", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "undelayed");
        stripe.pay(session, NOW, NOW.plus(MONTH));
        CountDownLatch answers = new CountDownLatch(1);
        elsewhere.stall(answers);
        try {
            sql("""
                    insert into app.provider_event (provider, account, event_id, type, object_kind, object_id, body,
                        headers, claimed_until)
                    select 'elsewhere', 'a', 'slow-' || n, 'slow', 'subscription', 'sub_slow_' || n, '', '{}',
                        now() - interval '1 hour' from generate_series(1, 200) n
                    """);
            eventually(() -> assertThat(count("select count(*) from app.provider_event where provider = 'elsewhere'"
                            + " and state = 'received' and attempts > 0"))
                    .isPositive());

            webhook(StripeStub.event(id(), "checkout.session.completed", "checkout.session", session))
                    .then()
                    .statusCode(200);

            eventually(
                    () -> assertThat(subscription(tenant).getString("status")).isEqualTo("active"));
            assertThat(answers.getCount()).isEqualTo(1);
        } finally {
            answers.countDown();
        }
        eventually(() -> assertThat(count(
                        "select count(*) from app.provider_event where provider = 'elsewhere' and state = 'ignored'"))
                .isEqualTo(200));
    }
}
