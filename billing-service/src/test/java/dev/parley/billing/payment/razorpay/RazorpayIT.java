package dev.parley.billing.payment.razorpay;

import static dev.parley.billing.Billing.count;
import static dev.parley.billing.Billing.eventually;
import static dev.parley.billing.Billing.ledger;
import static dev.parley.billing.Billing.owner;
import static dev.parley.billing.Billing.plan;
import static dev.parley.billing.Billing.sql;
import static dev.parley.billing.Billing.staff;
import static dev.parley.billing.Billing.status;
import static dev.parley.billing.Billing.subscription;
import static dev.parley.billing.Billing.tenantInTrial;
import static dev.parley.billing.Billing.text;
import static dev.parley.billing.RazorpayCustomers.checkout;
import static dev.parley.billing.RazorpayCustomers.key;
import static dev.parley.billing.RazorpayCustomers.opened;
import static dev.parley.billing.RazorpayCustomers.paid;
import static dev.parley.billing.RazorpayCustomers.subscriptionOf;
import static dev.parley.billing.RazorpayCustomers.webhook;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.parley.billing.Billing;
import dev.parley.billing.BillingTestResource;
import dev.parley.billing.RazorpayStub;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
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
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(BillingTestResource.class)
class RazorpayIT {
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration MONTH = Duration.ofDays(30);

    @Inject
    EndingSweeper sweeper;

    @Inject
    RazorpayProvider provider;

    @Inject
    EndingService endings;

    private final RazorpayStub razorpay = RazorpayStub.shared();

    @Test
    void aCheckoutIsASubscriptionOnOnePlanThatIsMadeOnce() {
        plan("rzp-buy", 499_900, 49_990, 0);
        TenantId tenant = tenantInTrial();

        Response answer = checkout(tenant, "rzp-buy", key());
        opened(tenant, "rzp-buy");

        answer.then().statusCode(201).body("provider", equalTo("razorpay"));
        assertThat(razorpay.plansNamed("Plan rzp-buy")).isEqualTo(1);
        assertThat(razorpay.madeFor(answer.path("checkout_id"))).singleElement().satisfies(made -> {
            assertThat(made.path("total_count").asInt()).isEqualTo(120);
            assertThat(made.path("notes").path("parley_tenant_id").asText()).isEqualTo(tenant.toString());
        });
        assertThat(subscription(tenant).getString("status")).isEqualTo("trial");
    }

    @Test
    void anAnswerThatWasLostIsFoundAgainByTheNotes() {
        plan("rzp-lost", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String key = key();
        razorpay.loseAnswers(1);

        checkout(tenant, "rzp-lost", key).then().statusCode(503).body("code", equalTo("PAYMENT_PROVIDER_UNREACHABLE"));
        String checkout = text("select id from app.checkout where status = 'unknown' and tenant_id = '" + tenant + "'");
        String url = checkout(tenant, "rzp-lost", key)
                .then()
                .statusCode(201)
                .body("checkout_id", equalTo(checkout))
                .extract()
                .path("url");

        assertThat(razorpay.madeFor(checkout))
                .singleElement()
                .satisfies(made -> assertThat(made.path("id").asText()).isEqualTo(subscriptionOf(url)));
    }

    @Test
    void twoOfTheSameCheckoutAtOnceKeepOneSubscription() throws Exception {
        plan("rzp-twice", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String key = key();
        List<Future<Response>> answers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4; i++) {
                answers.add(threads.submit(() -> checkout(tenant, "rzp-twice", key)));
            }
        }

        String url = null;
        for (Future<Response> answer : answers) {
            if (answer.get().statusCode() == 201) {
                url = answer.get().path("url");
            } else {
                assertThat(answer.get().statusCode()).isEqualTo(409);
            }
        }
        String id = subscriptionOf(checkout(tenant, "rzp-twice", key)
                .then()
                .statusCode(201)
                .body("url", equalTo(url))
                .extract()
                .path("url"));
        String checkout = text("select id from app.checkout where tenant_id = '" + tenant + "'");
        assertThat(razorpay.madeFor(checkout).stream()
                        .filter(made -> made.path("status").asText().equals("created")))
                .extracting(made -> made.path("id").asText())
                .containsExactly(id);
    }

    @Test
    void theSameEventFiveTimesIsOneGrantAndOneInvoice() {
        plan("rzp-hooked", 10_000, 49_990, 0);
        TenantId tenant = tenantInTrial();
        String id = opened(tenant, "rzp-hooked");
        razorpay.pay(id, NOW, NOW.plus(MONTH));
        String event = "evt_" + UUID.randomUUID();

        for (int i = 0; i < 5; i++) {
            webhook(RazorpayStub.event("subscription.charged", "subscription", id), RazorpayStub.WEBHOOK_SECRET, event)
                    .then()
                    .statusCode(200);
        }

        eventually(() -> assertThat(status(tenant)).isEqualTo("active"));
        assertThat(subscription(tenant).getString("provider")).isEqualTo("razorpay");
        assertThat(subscription(tenant).getString("current_period_end"))
                .isEqualTo(NOW.plus(MONTH).toString());
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 49_990);
        assertThat(count("select count(*) from app.provider_event where event_id = '" + event + "'"))
                .isEqualTo(1);
        owner(tenant)
                .get("/api/v1/invoices")
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(1))
                .body("items[0].status", equalTo("paid"))
                .body("items[0].provider", equalTo("razorpay"))
                .body("items[0].total.amount", equalTo(10_000));
    }

    @Test
    void whatRazorpayDidNotSignIsRefusedAndNotStored() {
        String body = RazorpayStub.event("subscription.charged", "subscription", "sub_1");
        long before = count("select count(*) from app.provider_event");

        webhook(body, "rzp_forged", "evt_1").then().statusCode(403).body("code", equalTo("WEBHOOK_REFUSED"));
        webhook(body, RazorpayStub.KEY_SECRET, "evt_1").then().statusCode(403);
        webhook("not json", RazorpayStub.WEBHOOK_SECRET, "evt_1").then().statusCode(403);
        webhook(body, RazorpayStub.WEBHOOK_SECRET, "").then().statusCode(403);
        given().body(body).post("/webhooks/razorpay").then().statusCode(403);

        assertThat(count("select count(*) from app.provider_event")).isEqualTo(before);
        webhook(body, "rzp_before", "evt_" + UUID.randomUUID()).then().statusCode(200);
        assertThat(count("select count(*) from app.provider_event")).isEqualTo(before + 1);
    }

    @Test
    void aFailedChargeIsPastDueThenActiveOrSuspendedAndTheEndIsFinal() {
        plan("rzp-dunned", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        Instant first = NOW.minus(Duration.ofDays(31));
        String id = paid(tenant, "rzp-dunned", first);
        Instant second = first.plus(MONTH);
        razorpay.period(id, second, second.plus(MONTH));
        String invoice = razorpay.invoice(id, second, second.plus(MONTH), "issued");

        razorpay.status(id, "pending");
        webhook(RazorpayStub.event("subscription.pending", "subscription", id));
        eventually(() -> assertThat(status(tenant)).isEqualTo("past_due"));
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000);
        razorpay.status(id, "active");
        razorpay.invoiceStatus(invoice, "paid");
        webhook(RazorpayStub.event("invoice.paid", "invoice", invoice));
        eventually(() -> assertThat(status(tenant)).isEqualTo("active"));
        assertThat(-ledger(tenant, "credits:granted")).isEqualTo(1_000 + 500);
        razorpay.status(id, "halted");
        webhook(RazorpayStub.event("subscription.halted", "subscription", id));
        eventually(() -> assertThat(status(tenant)).isEqualTo("suspended"));
        razorpay.status(id, "cancelled");
        webhook(RazorpayStub.event("subscription.cancelled", "subscription", id));
        eventually(() -> assertThat(status(tenant)).isEqualTo("ended"));
        razorpay.status(id, "active");
        webhook(RazorpayStub.event("subscription.activated", "subscription", id));

        eventually(() -> assertThat(count("select count(*) from app.provider_event where state = 'received'"))
                .isZero());
        assertThat(status(tenant)).isEqualTo("ended");
    }

    @Test
    void aCancellationAtPeriodEndIsKeptHereAndCanBeTakenBackUntilRazorpayIsTold() {
        plan("rzp-ending", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-ending", NOW);

        cancel(tenant, "period_end").then().statusCode(200).body("cancel_at_period_end", equalTo(true));
        sweeper.sweep();
        assertThat(razorpay.cancelled()).noneMatch(told -> told.startsWith(id));
        owner(tenant)
                .post("/api/v1/subscription/resumption")
                .then()
                .statusCode(200)
                .body("cancel_at_period_end", equalTo(false));

        cancel(tenant, "period_end").then().statusCode(200);
        sql("update app.razorpay_ending set next_attempt_at = now() where tenant_id = '" + tenant + "'");
        sweeper.sweep();
        sweeper.sweep();
        assertThat(razorpay.cancelled()).filteredOn(told -> told.startsWith(id)).containsExactly(id + " at the end");
        owner(tenant)
                .post("/api/v1/subscription/resumption")
                .then()
                .statusCode(502)
                .body("code", equalTo("PAYMENT_PROVIDER_REFUSED"));
        assertThat(subscription(tenant).getBoolean("cancel_at_period_end")).isTrue();

        razorpay.status(id, "cancelled");
        webhook(RazorpayStub.event("subscription.cancelled", "subscription", id));
        eventually(() -> assertThat(status(tenant)).isEqualTo("ended"));
    }

    /** The sweeper has it in hand already. */
    @Test
    void aCancellationIsTakenBackUntilRazorpayIsBeingTold() {
        plan("rzp-changed-mind", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-changed-mind", NOW);
        cancel(tenant, "period_end").then().statusCode(200);
        sql("update app.razorpay_ending set next_attempt_at = now() where tenant_id = '" + tenant + "'");
        List<Ending> inHand = endings.claimDue();
        assertThat(inHand).extracting(Ending::subscriptionId).contains(id);

        owner(tenant).post("/api/v1/subscription/resumption").then().statusCode(200);
        inHand.forEach(provider::tell);
        assertThat(razorpay.cancelled()).noneMatch(told -> told.startsWith(id));
        assertThat(subscription(tenant).getBoolean("cancel_at_period_end")).isFalse();

        cancel(tenant, "period_end").then().statusCode(200);
        assertThat(endings.telling(endings.find(tenant, id).orElseThrow())).isTrue();
        owner(tenant).post("/api/v1/subscription/resumption").then().statusCode(502);
    }

    /** Paid after it, it would charge at once what the other provider was paid for. */
    @Test
    void thePageOfAMoveDoesNotOutliveTheFirstCharge() {
        plan("rzp-moving", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        Instant end = NOW.plus(Duration.ofHours(2));
        Billing.paid(tenant, "rzp-moving", end.minus(MONTH));

        staff().body("{\"provider\":\"razorpay\",\"reason\":\"cheaper cards\"}")
                .post("/api/v1/admin/tenants/" + tenant + "/provider-move")
                .then()
                .statusCode(201);

        String checkout =
                text("select id from app.checkout where first_charge_at is not null and tenant_id = '" + tenant + "'");
        assertThat(razorpay.madeFor(checkout)).singleElement().satisfies(made -> {
            assertThat(made.path("start_at").asLong()).isEqualTo(end.getEpochSecond());
            assertThat(made.path("expire_by").asLong()).isEqualTo(end.getEpochSecond());
        });
    }

    @Test
    void aCancellationNearTheEndIsToldAtOnceAndOneThatWasMissedIsDoneNow() {
        plan("rzp-late", 10_000, 500, 0);
        TenantId near = tenantInTrial();
        String soon = paid(near, "rzp-late", NOW.minus(MONTH).plus(Duration.ofHours(2)));
        TenantId missed = tenantInTrial();
        String over = paid(missed, "rzp-late", NOW);

        cancel(near, "period_end").then().statusCode(200);
        cancel(missed, "period_end").then().statusCode(200);
        sql("update app.razorpay_ending set ends_at = now() - interval '1 minute', next_attempt_at = now()"
                + " where tenant_id = '" + missed + "'");
        sweeper.sweep();

        assertThat(razorpay.cancelled()).contains(soon + " at the end", over + " now");
    }

    @Test
    void aTestClockMovesTheSimulatorWhichIsToldOfEndingsBeforeTheyAreDue() {
        plan("rzp-clock", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        Instant begin = NOW.plus(Duration.ofDays(40));
        Instant end = begin.plus(MONTH);
        clock(tenant, begin).then().statusCode(200);
        String id = paid(tenant, "rzp-clock", begin);
        String clock = text(
                "select clock_id from app.provider_clock where provider = 'razorpay' and tenant_id = '" + tenant + "'");
        assertThat(razorpay.clocks().get(clock)).isBetween(begin.getEpochSecond(), begin.getEpochSecond() + 60);
        assertThat(provider.fetchSubscription(id)).isPresent();

        cancel(tenant, "period_end").then().statusCode(200);
        // Told a day before the end of the period, and not before: days pass here as quickly as there.
        clock(tenant, end.minus(Duration.ofDays(2))).then().statusCode(200);
        sweeper.sweep();
        assertThat(razorpay.cancelled()).noneMatch(told -> told.startsWith(id));
        clock(tenant, end.plusSeconds(3_600)).then().statusCode(200).body("subscription.status", equalTo("ended"));

        assertThat(razorpay.cancelled()).filteredOn(told -> told.startsWith(id)).containsExactly(id + " at the end");
        assertThat(razorpay.clocks())
                .containsEntry(clock, end.plusSeconds(3_600).getEpochSecond());
    }

    private static Response clock(TenantId tenant, Instant at) {
        return staff().body("{\"at\":\"" + at + "\"}").post("/api/v1/admin/tenants/" + tenant + "/test-clock");
    }

    @Test
    void aCancellationNowIsDoneOnce() {
        plan("rzp-gone", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String id = paid(tenant, "rzp-gone", NOW);

        cancel(tenant, "now").then().statusCode(200).body("status", equalTo("ended"));
        cancel(tenant, "now").then().statusCode(409);

        assertThat(razorpay.cancelled()).filteredOn(told -> told.startsWith(id)).containsExactly(id + " now");
    }

    private static Response cancel(TenantId tenant, String at) {
        return owner(tenant).body("{\"at\":\"" + at + "\"}").post("/api/v1/subscription/cancellation");
    }

    @Test
    void theWayToRazorpayAndBackBelievesNothingAndLeadsNowhereElse() {
        plan("rzp-page", 10_000, 500, 0);
        TenantId tenant = tenantInTrial();
        String url = checkout(tenant, "rzp-page", key())
                .then()
                .statusCode(201)
                .extract()
                .path("url");
        String id = subscriptionOf(url);
        String path = url.substring(url.indexOf("/checkout/"));
        String back = path.replace(id + "?", id + "/return?");

        String page = page(path).then().statusCode(200).extract().asString();
        assertThat(page)
                .contains(
                        "action=\"" + razorpay.url() + "/v1/checkout/embedded\"",
                        "name=\"subscription_id\" value=\"" + id + "\"",
                        "name=\"key_id\" value=\"" + RazorpayStub.KEY_ID + "\"")
                .doesNotContain(RazorpayStub.KEY_SECRET);
        page(path.replace("shop.example%2Fok", "evil.example%2Fok")).then().statusCode(404);
        page(path.replace(id, id + "1")).then().statusCode(404);

        returned(back, id, RazorpayStub.signature("pay_1|" + id, RazorpayStub.KEY_SECRET))
                .then()
                .statusCode(303)
                .header("Location", equalTo("https://shop.example/ok?a=1&b=2"));
        returned(back, id, RazorpayStub.signature(id + "|pay_1", RazorpayStub.KEY_SECRET))
                .then()
                .statusCode(303)
                .header("Location", equalTo("https://shop.example/no"));
        returned(back, "sub_other", RazorpayStub.signature("pay_1|sub_other", RazorpayStub.KEY_SECRET))
                .then()
                .header("Location", equalTo("https://shop.example/no"));
        returned(back, id, RazorpayStub.signature("pay_1|" + id, RazorpayStub.WEBHOOK_SECRET))
                .then()
                .header("Location", equalTo("https://shop.example/no"));
        // A right signature grants nothing: Razorpay has no money yet.
        assertThat(status(tenant)).isEqualTo("trial");
    }

    private static Response page(String path) {
        return given().urlEncodingEnabled(false).get(path);
    }

    private static Response returned(String path, String subscription, String signature) {
        return given().urlEncodingEnabled(false)
                .redirects()
                .follow(false)
                .contentType(ContentType.URLENC)
                .body("razorpay_payment_id=pay_1&razorpay_subscription_id=" + subscription + "&razorpay_signature="
                        + signature)
                .post(path);
    }
}
