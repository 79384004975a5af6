package dev.parley.billing.payment.razorpay;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.RazorpayCustomers.key;
import static dev.parley.billing.RazorpayCustomers.paid;
import static dev.parley.billing.RazorpayCustomers.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.parley.billing.BillingTestResource;
import dev.parley.billing.Events;
import dev.parley.billing.RazorpayStub;
import dev.parley.billing.lifecycle.SweepForTests;
import dev.parley.billing.money.Money;
import dev.parley.billing.payment.ProviderInvoice;
import dev.parley.billing.payment.ProviderPayment;
import dev.parley.billing.payment.ProviderSubscription;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plan changes, packs, refunds and lists at Razorpay. */
@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class RazorpayChangesIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration MONTH = Duration.ofDays(30);

    @Inject
    SweepForTests sweeper;

    @Inject
    RazorpayProvider provider;

    private final RazorpayStub razorpay = RazorpayStub.shared();

    @BeforeEach
    void catalogue() {
        if (count("select count(*) from app.plan where code = 'rzp-large'") == 0) {
            plan("rzp-small", 10_000, 1_000, 0);
            plan("rzp-large", 30_000, 9_000, 0);
            staff().body("""
                            {"code":"rzp-pack","name":"Pack","price":{"amount":50000,"currency":"INR"},"credits":5000}
                            """).post("/api/v1/admin/credit-packs").then().statusCode(201);
        }
        razorpay.chargeForChange(10_000);
    }

    private static Response change(TenantId tenant, String plan) {
        return owner(tenant).body("{\"plan\":\"" + plan + "\"}").post("/api/v1/subscription/change");
    }

    private static long granted(TenantId tenant) {
        return -ledger(tenant, "credits:granted");
    }

    private List<String> changesOf(String subscription) {
        return razorpay.changed().stream()
                .filter(each -> each.startsWith(subscription))
                .map(each -> each.substring(subscription.length() + 1))
                .toList();
    }

    private static void drained() {
        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
    }

    @Test
    void anUpgradeChargesTheDifferenceNowAndBringsTheShareThatWasPaid() {
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-small", NOW.minus(Duration.ofDays(15)));

        owner(tenant)
                .body("{\"plan\":\"rzp-large\"}")
                .post("/api/v1/subscription/change/preview")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(10_000));
        assertThat(changesOf(id)).isEmpty();
        change(tenant, "rzp-large")
                .then()
                .statusCode(200)
                .body("effective", equalTo("now"))
                .body("charge.amount", equalTo(10_000))
                .body("subscription.plan", equalTo("rzp-large"))
                .body("subscription.pending_plan", nullValue());
        webhook(RazorpayStub.event("subscription.updated", "subscription", id));
        drained();

        assertThat(changesOf(id)).containsExactly("to Plan rzp-large now");
        // Half of the price difference of 20,000 was charged: half of the 8,000 credits more.
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
        assertThat(count("select charged from app.plan_change where status = 'done' and tenant_id = '" + tenant + "'"))
                .isEqualTo(10_000);
        change(tenant, "rzp-large").then().statusCode(409).body("code", equalTo("PLAN_UNCHANGED"));
    }

    @Test
    void aDeclinedCardChangesNothing() {
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-small", NOW);
        razorpay.chargeForChange(-1);

        change(tenant, "rzp-large").then().statusCode(402).body("code", equalTo("PAYMENT_DECLINED"));

        assertThat(changesOf(id)).isEmpty();
        assertThat(subscription(tenant).getString("plan")).isEqualTo("rzp-small");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000);
    }

    @Test
    void aChangeWhoseAnswerIsLostIsAskedForOnce() {
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-small", NOW);
        razorpay.loseAnswers(1);

        change(tenant, "rzp-large").then().statusCode(503).body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));
        assertThat(count("select count(*) from app.plan_change where status = 'unknown' and tenant_id = '" + tenant
                        + "'"))
                .isEqualTo(1);
        sql("update app.plan_change set next_check_at = now() where status = 'unknown' and tenant_id = '" + tenant
                + "'");
        sweeper.sweep();
        sweeper.sweep();

        assertThat(changesOf(id)).containsExactly("to Plan rzp-large now");
        assertThat(subscription(tenant).getString("plan")).isEqualTo("rzp-large");
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    /** Razorpay would charge by its own time: for a period in which the change brings nothing any more. */
    @Test
    void aChangeThatWasNotMadeIsNotAskedForAfterItsPeriod() {
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-small", NOW);
        razorpay.dropChanges(1);
        change(tenant, "rzp-large").then().statusCode(503).body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));

        sql("update app.plan_change set period_start = period_start - interval '31 days',"
                + " period_end = period_end - interval '31 days', next_check_at = now() where tenant_id = '" + tenant
                + "'");
        sweeper.sweep();

        assertThat(changesOf(id)).isEmpty();
        assertThat(text("select status from app.plan_change where tenant_id = '" + tenant + "'"))
                .isEqualTo("refused");
        change(tenant, "rzp-large").then().statusCode(200).body("charge.amount", equalTo(10_000));
        assertThat(granted(tenant)).isEqualTo(1_000 + 1_000 + 4_000);
    }

    @Test
    void aDowngradeWaitsForTheEndOfTheCycleAndCanBeTakenBack() {
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-large", NOW);

        change(tenant, "rzp-small")
                .then()
                .statusCode(200)
                .body("effective", equalTo("period_end"))
                .body("charge", nullValue())
                .body("subscription.plan", equalTo("rzp-large"))
                .body("subscription.pending_plan", equalTo("rzp-small"));
        owner(tenant)
                .delete("/api/v1/subscription/change")
                .then()
                .statusCode(200)
                .body("pending_plan", nullValue());
        assertThat(provider.fetchSubscription(id).orElseThrow().nextPlan()).isNull();
        change(tenant, "rzp-small").then().statusCode(200);

        assertThat(changesOf(id)).containsExactly("to Plan rzp-small cycle_end", "to Plan rzp-small cycle_end");
        assertThat(provider.fetchSubscription(id).orElseThrow().nextPlan().code())
                .isEqualTo("rzp-small");
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000);
        razorpay.renew(id, NOW.plus(MONTH), NOW.plus(MONTH).plus(MONTH));
        webhook(RazorpayStub.event("subscription.charged", "subscription", id));

        eventually(() -> assertThat(subscription(tenant).getString("plan")).isEqualTo("rzp-small"));
        assertThat(subscription(tenant).getString("pending_plan")).isNull();
        assertThat(subscription(tenant).getString("current_period_end"))
                .isEqualTo(NOW.plus(MONTH).plus(MONTH).toString());
        assertThat(granted(tenant)).isEqualTo(1_000 + 9_000 + 1_000);
    }

    private static Response buyPack(TenantId tenant, String key) {
        return owner(tenant).header("Idempotency-Key", key).body("""
                        {"pack":"rzp-pack","provider":"razorpay","success_url":"https://shop.example/ok",
                         "cancel_url":"https://shop.example/no"}
                        """).post("/api/v1/checkout");
    }

    private static String boughtPack(TenantId tenant) {
        String url = buyPack(tenant, key()).then().statusCode(201).extract().path("url");
        String link = url.substring(url.lastIndexOf('/') + 1);
        String payment = RazorpayStub.shared().payLink(link);
        for (int i = 0; i < 3; i++) {
            webhook(RazorpayStub.event("payment_link.paid", "payment_link", link));
        }
        drained();
        return payment;
    }

    @Test
    void aPackIsOneLinkThatIsMadeOnceAndOneLotHoweverOftenItIsTold() {
        TenantId tenant = tenantInTrial();
        String key = key();
        razorpay.loseAnswers(1);

        buyPack(tenant, key).then().statusCode(503).body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));
        Response again = buyPack(tenant, key);

        String url = again.then().statusCode(201).extract().path("url");
        assertThat(razorpay.linksOf(again.path("checkout_id"))).singleElement().satisfies(link -> {
            assertThat(url).isEqualTo(link.path("short_url").asText());
            assertThat(link.path("amount").asLong()).isEqualTo(50_000);
            assertThat(link.path("currency").asText()).isEqualTo("INR");
            assertThat(link.path("callback_url").asText()).isEqualTo("https://shop.example/ok");
        });
        String link = url.substring(url.lastIndexOf('/') + 1);
        webhook(RazorpayStub.event("payment_link.paid", "payment_link", link));
        drained();
        assertThat(granted(tenant)).as("not paid yet").isEqualTo(1_000);
        String payment = razorpay.payLink(link);
        for (int i = 0; i < 3; i++) {
            webhook(RazorpayStub.event("payment_link.paid", "payment_link", link));
        }
        drained();

        assertThat(granted(tenant)).isEqualTo(1_000 + 5_000);
        assertThat(text("select paid_payment from app.credit_lot where source = 'pack' and paid_amount = 50000"
                        + " and tenant_id = '" + tenant + "'"))
                .isEqualTo(payment);
        assertThat(subscription(tenant).getString("status")).isEqualTo("trial");
    }

    @Test
    void aRefundOfWhatIsUnspentIsMadeOnceAndWaitsUntilItHasArrived() {
        TenantId tenant = tenantInTrial();
        String payment = boughtPack(tenant);
        String lot = text("select id from app.credit_lot where source = 'pack' and tenant_id = '" + tenant + "'");
        staff().body("{\"lot_id\":\"" + lot + "\",\"reason\":\"did not like it\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/payment-refunds")
                .then()
                .statusCode(201);
        Events.publish(
                "policy.usage.events", "policy.lot-closed.v1", tenant, "{\"lot_id\":\"" + lot + "\",\"unspent\":1999}");
        eventually(() -> assertThat(
                        count("select count(*) from app.credit_lot where closed_at is not null and id = '" + lot + "'"))
                .isEqualTo(1));
        razorpay.loseAnswers(1);

        sweeper.sweep();
        assertThat(refundStatus(tenant)).isNotEqualTo("done");
        due(tenant);
        sweeper.sweep();
        assertThat(refundStatus(tenant)).isEqualTo("pending");
        razorpay.processRefunds();
        due(tenant);
        sweeper.sweep();

        assertThat(refundStatus(tenant)).isEqualTo("done");
        String key = text("select id from app.payment_refund where tenant_id = '" + tenant + "'");
        assertThat(razorpay.refunds().values())
                .filteredOn(refund -> refund.path("payment_id").asText().equals(payment))
                .singleElement()
                .satisfies(refund -> {
                    // 1,999 of 5,000 credits for 50,000: rounded down.
                    assertThat(refund.path("amount").asLong()).isEqualTo(19_990);
                    assertThat(refund.path("notes").path("parley_refund_id").asText())
                            .isEqualTo(key);
                });
        assertThat(razorpay.refunds()).containsKey(key);
    }

    private static String refundStatus(TenantId tenant) {
        return text("select status from app.payment_refund where tenant_id = '" + tenant + "'");
    }

    private static void due(TenantId tenant) {
        sql("update app.payment_refund set next_check_at = now() where tenant_id = '" + tenant + "'");
    }

    @Test
    void listsTellWhatWasMadeSinceThenPageByPage() {
        TenantId tenant = tenantInTrial();
        // Long ago, so that nothing of other tests lies between.
        Instant longAgo = Instant.parse("2001-01-01T00:00:00Z");
        String id = paid(tenant, "rzp-small", NOW);
        for (int i = 0; i < 230; i++) {
            razorpay.invoice(id, longAgo.plusSeconds(i), longAgo.plusSeconds(i).plus(MONTH), "paid");
        }
        razorpay.forgetInvoices(id);
        String latest = razorpay.invoice(id, NOW, NOW.plus(MONTH), "paid");
        Instant since = longAgo.plusSeconds(115);

        List<ProviderInvoice> invoices = provider.listInvoices(since)
                .filter(invoice -> invoice.issuedAt().isBefore(longAgo.plus(MONTH)))
                .toList();
        List<ProviderPayment> payments = provider.listPayments(since)
                .filter(payment -> payment.createdAt().isBefore(longAgo.plus(MONTH)))
                .toList();
        List<ProviderSubscription> subscriptions = provider.listSubscriptions(NOW.minusSeconds(1))
                .filter(each -> each.id().equals(id))
                .toList();

        assertThat(invoices).hasSize(115).doesNotHaveDuplicates().allSatisfy(invoice -> {
            assertThat(invoice.issuedAt()).isAfterOrEqualTo(since);
            assertThat(invoice.kind()).isEqualTo(ProviderInvoice.Kind.PERIOD);
            assertThat(invoice.isPaid()).isTrue();
            assertThat(invoice.total()).isEqualTo(new Money(10_000, "INR"));
        });
        assertThat(payments).hasSize(115).doesNotHaveDuplicates().allSatisfy(payment -> {
            assertThat(payment.amount()).isEqualTo(new Money(10_000, "INR"));
            assertThat(payment.refunded()).isEqualTo(new Money(0, "INR"));
        });
        assertThat(payments)
                .extracting(ProviderPayment::id)
                .containsExactlyInAnyOrderElementsOf(
                        invoices.stream().map(ProviderInvoice::paymentId).toList());
        assertThat(subscriptions).singleElement().satisfies(each -> {
            assertThat(each.reference().tenant()).isEqualTo(tenant);
            assertThat(each.plan().code()).isEqualTo("rzp-small");
            assertThat(each.latestInvoice().id()).isEqualTo(latest);
        });
        assertThat(provider.listSubscriptions(Instant.now().plusSeconds(60))).isEmpty();
    }
}
