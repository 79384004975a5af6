package dev.parley.billing.lifecycle;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.paid;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.session;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.StripeStub;
import dev.parley.billing.payment.PaymentProvider;
import dev.parley.billing.payment.PaymentProviders;
import dev.parley.billing.payment.ProviderEvent.ObjectKind;
import dev.parley.platform.operation.Operation;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class LifecycleIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration MONTH = Duration.ofDays(30);

    @Inject
    Sweeper sweeper;

    @Inject
    ProviderStateFlow states;

    @Inject
    PaymentProviders providers;

    private final StripeStub stripe = StripeStub.shared();

    private static void past(TenantId tenant) {
        sql("update app.subscription set due_at = now(), current_period_end = now() - interval '1 second',"
                + " trial_end = now() - interval '1 second' where tenant_id = '" + tenant + "'");
        sql("update app.credit_lot set expires_at = now() - interval '1 second' where tenant_id = '" + tenant + "'");
    }

    @Test
    void aTrialEndsWithItsCredits() {
        TenantId tenant = tenantInTrial();
        past(tenant);

        sweeper.sweep();
        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("ended");
        assertThat(count("select version from app.subscription where tenant_id = '" + tenant + "'"))
                .isEqualTo(2);
        assertThat(Events.of("billing.subscription.events", tenant).stream()
                        .filter(event -> event.type().equals("billing.credits-closed.v1")))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(count("select count(*) from app.credit_lot where close_requested_at is not null and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void aFreePlanRenewsWithNewCreditsUntilItIsCancelled() {
        plan("gratis", 0, 70, 0);
        TenantId tenant = tenantInTrial();
        owner(tenant)
                .body("{\"plan\":\"gratis\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(201);
        sql("update app.subscription set due_at = now(), current_period_start = now() - interval '40 days',"
                + " current_period_end = now() - interval '1 second' where tenant_id = '" + tenant + "'");
        // The first period's grant belonged to an earlier month.
        sql("update app.credit_lot set grant_key = 'free:gratis:2000-01' where source = 'plan' and tenant_id = '"
                + tenant + "'");

        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("active");
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 70 + 70);
        owner(tenant)
                .body("{\"at\":\"period_end\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200)
                .body("cancel_at_period_end", equalTo(true));
        past(tenant);
        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("ended");
    }

    @Test
    void aWebhookThatNeverCameIsMadeUpForByAsking() {
        plan("asked", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String session = session(tenant, "asked");
        stripe.pay(session, NOW, NOW.plus(MONTH));
        sql("update app.checkout set next_check_at = now() where tenant_id = '" + tenant + "'");

        sweeper.sweep();

        assertThat(status(tenant)).isEqualTo("active");
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500);
        String sub = subscriptionId(tenant);
        stripe.period(sub, NOW, NOW.plus(MONTH));
        stripe.set(sub, "status", "canceled");
        sql("update app.subscription set due_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        assertThat(status(tenant)).isEqualTo("ended");
    }

    private boolean follow(PaymentProvider provider, String invoice) {
        Operation.enter(null);
        try {
            return states.follow(provider, ObjectKind.INVOICE, invoice);
        } finally {
            Operation.leave();
        }
    }

    @Test
    void anInvoiceThatWasReadEarlierDoesNotReplaceOneThatWasReadLater() throws Exception {
        plan("read-late", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String sub = paid(tenant, "read-late", NOW);
        String newest = stripe.latestInvoice(sub);
        String invoice = stripe.invoice(sub, NOW.minus(MONTH), NOW.minusSeconds(1), 10_000, "open");
        stripe.set(sub, "latest_invoice", newest); // which comes with the subscription
        PaymentProvider prompt = providers.named("stripe");
        CountDownLatch read = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        PaymentProvider slow = (PaymentProvider) Proxy.newProxyInstance(
                PaymentProvider.class.getClassLoader(),
                new Class<?>[] {PaymentProvider.class},
                (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(prompt, arguments);
                        if (method.getName().equals("fetchInvoice")) {
                            read.countDown();
                            assertThat(goOn.await(60, TimeUnit.SECONDS)).isTrue();
                        }
                        return answer;
                    } catch (InvocationTargetException raised) {
                        throw raised.getCause();
                    }
                });

        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Boolean> earlier = thread.submit(() -> follow(slow, invoice));
            assertThat(read.await(60, TimeUnit.SECONDS)).isTrue();
            stripe.set(invoice, "status", "paid");
            assertThat(follow(prompt, invoice)).isTrue();
            goOn.countDown();
            assertThat(earlier.get(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            goOn.countDown();
        }

        assertThat(text("select status from app.invoice where provider_invoice_id = '" + invoice + "'"))
                .isEqualTo("paid");
    }

    @Test
    void anIntentThatNobodyAnsweredIsAskedAboutWithItsOwnKey() {
        plan("asked", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        int before = stripe.sessionsMade();
        stripe.loseAnswers(2); // the JDK sends a POST twice whose answer is cut
        Billing.checkout(tenant, "asked").then().statusCode(503);
        sql("update app.checkout set next_check_at = now() where tenant_id = '" + tenant + "'");

        sweeper.sweep();

        assertThat(stripe.sessionsMade() - before).isEqualTo(1);
        assertThat(count("select count(*) from app.checkout where status = 'open' and url is not null and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(1);
    }

    @Test
    void theNewerOfTwoPaidSubscriptionsStaysAndTheOtherIsCancelled() {
        plan("first", 10_000, 500, 0);
        plan("second", 20_000, 900, 0);
        TenantId tenant = tenantInTrial();
        String first = paid(tenant, "first", NOW.minusSeconds(60));
        String second = paid(tenant, "second", NOW);

        sweeper.sweep();

        assertThat(stripe.cancelled()).contains(first).doesNotContain(second);
        assertThat(subscription(tenant).getString("plan")).isEqualTo("second");
        assertThat(count("select sum(credits) from app.credit_lot where close_requested_at is null and tenant_id = '"
                        + tenant + "'"))
                .isEqualTo(900);
        Billing.webhook(StripeStub.event(
                        "evt_" + UUID.randomUUID(), "customer.subscription.deleted", "subscription", first))
                .then()
                .statusCode(200);
        Billing.eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
        assertThat(status(tenant)).isEqualTo("active");
    }

    @Test
    void cancellingAndResumingGoThroughTheProvider() {
        plan("cancelled", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String sub = paid(tenant, "cancelled", NOW);

        owner(tenant)
                .body("{\"at\":\"period_end\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200)
                .body("status", equalTo("active"))
                .body("cancel_at_period_end", equalTo(true));
        owner(tenant)
                .post("/api/v1/subscription/resumption")
                .then()
                .statusCode(200)
                .body("cancel_at_period_end", equalTo(false));
        owner(tenant)
                .body("{\"at\":\"someday\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(422);
        owner(tenant)
                .body("{\"at\":\"now\"}")
                .post("/api/v1/subscription/cancellation")
                .then()
                .statusCode(200)
                .body("status", equalTo("ended"));
        owner(tenant)
                .post("/api/v1/subscription/resumption")
                .then()
                .statusCode(409)
                .body("code", equalTo("SUBSCRIPTION_ENDED"));

        assertThat(stripe.cancelled()).contains(sub);
    }

    @Test
    void aPaidSubscriptionIsNotReplacedByAFreePlan() {
        plan("paying", 10_000, 500, 0);
        plan("gratis", 0, 70, 0);
        TenantId tenant = tenantInTrial();
        paid(tenant, "paying", NOW);

        owner(tenant)
                .body("{\"plan\":\"gratis\"}")
                .post("/api/v1/checkout")
                .then()
                .statusCode(409)
                .body("code", equalTo("SUBSCRIPTION_PAID"));
    }

    @Test
    void revenueCountsWhatRuns() {
        plan("counted", 120_000, 500, 0);
        TenantId tenant = tenantInTrial();
        paid(tenant, "counted", NOW);

        staff().get("/api/v1/admin/revenue")
                .then()
                .statusCode(200)
                .body("plans.find { it.plan == 'counted' }.subscriptions", equalTo(1))
                .body("plans.find { it.plan == 'counted' }.mrr.amount", equalTo(120_000))
                .body("mrr.find { it.currency == 'INR' }.amount", greaterThanOrEqualTo(120_000))
                .body("paid.find { it.total.currency == 'INR' }.invoices", greaterThanOrEqualTo(1))
                .body("trials.converted", greaterThanOrEqualTo(1));
        staff().get("/api/v1/admin/overview")
                .then()
                .statusCode(200)
                .body("subscriptions_by_plan.counted", equalTo(1))
                .body("subscriptions_by_status.active", greaterThanOrEqualTo(1));
    }

    private static String subscriptionId(TenantId tenant) {
        return Billing.text("select provider_subscription_id from app.subscription where tenant_id = '" + tenant + "'");
    }
}
