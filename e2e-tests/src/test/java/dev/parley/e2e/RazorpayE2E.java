package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.razorpay.Utils;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.RazorpayPage;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A customer who pays through Razorpay has what one has who pays through Stripe; Razorpay's own code judges. */
@Order(101)
class RazorpayE2E {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String WEBHOOK_SECRET = "rzp_parley_local";
    private static final String KEY_SECRET = "rzp_secret_parley_local";
    private static final long CREDITS = 49_990;

    private final Customer customer = Customer.signUp();

    @AfterEach
    void heal() {
        Simulators.heal("razorpay");
        Simulators.heal("razorpay-webhooks");
    }

    private static String console() {
        return Stack.running().publicUrl() + "/console/";
    }

    private Answer checkout(String key) {
        return customer.api()
                .with("Idempotency-Key", key)
                .post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                "starter",
                                "provider",
                                "razorpay",
                                "success_url",
                                console() + "?paid=yes",
                                "cancel_url",
                                console() + "?paid=no"));
    }

    private RazorpayPage opened() {
        Answer checkout = checkout(UUID.randomUUID().toString()).expect(201);
        assertThat(checkout.text("provider")).isEqualTo("razorpay");
        return RazorpayPage.open(checkout.text("url"));
    }

    /** Returns the subscription's id at Razorpay. */
    private String subscribed() {
        RazorpayPage page = opened();
        assertThat(page.pay("method=card&card=4111")).isEqualTo(console() + "?paid=yes");
        becomes("active");
        return page.subscription();
    }

    private void becomes(String status) {
        Eventually.passes(SOON, () -> assertThat(
                        customer.api().get("/api/v1/subscription").text("status"))
                .isEqualTo(status));
    }

    private long remaining() {
        return customer.api().get("/api/v1/credits").at("remaining").asLong();
    }

    private static void control(String subscription, String what, String outcome) {
        Simulators.api()
                .post("/_control/razorpay/subscriptions/" + subscription + "/" + what, Map.of("outcome", outcome))
                .expect(200);
    }

    @Test
    void whatIsDeclinedChangesNothingAndWhatIsPaidIsBookedOnceHoweverOftenItIsTold() {
        Simulators.fault("razorpay-webhooks", Map.of("duplicate", 4, "reorder", true));
        RazorpayPage page = opened();

        assertThat(page.declined("method=card&card=declined")).isEqualTo(402);
        assertThat(page.declined("method=upi&vpa=failure%40razorpay")).isEqualTo(402);
        assertThat(customer.api().get("/api/v1/subscription").text("status")).isEqualTo("trial");
        assertThat(page.pay("method=upi&vpa=success%40razorpay")).isEqualTo(console() + "?paid=yes");

        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(CREDITS));
        Answer subscription = customer.api().get("/api/v1/subscription").expect(200);
        assertThat(subscription.text("status")).isEqualTo("active");
        assertThat(subscription.text("plan")).isEqualTo("starter");
        assertThat(subscription.text("provider")).isEqualTo("razorpay");
        Eventually.passes(Duration.ofSeconds(10), () -> {
            assertThat(remaining()).isEqualTo(CREDITS);
            new Checker().tenantIsConsistent(customer.tenantId());
        });
        Answer invoices = customer.api().get("/api/v1/invoices").expect(200);
        assertThat(invoices.at("items")).hasSize(1);
        assertThat(invoices.text("/items/0/status")).isEqualTo("paid");
        assertThat(invoices.at("/items/0/total/amount").asLong()).isEqualTo(499_900);
    }

    @Test
    void aFailedRenewalIsPastDueThenPaidOrSuspendedUntilTheCustomerPaysAgain() {
        String subscription = subscribed();

        control(subscription, "renewal", "failed");
        becomes("past_due");
        control(subscription, "retry", "paid");
        becomes("active");
        Eventually.passes(
                SOON, () -> assertThat(customer.api().get("/api/v1/invoices").at("items"))
                        .hasSize(2)
                        .allSatisfy(invoice ->
                                assertThat(invoice.path("status").asText()).isEqualTo("paid")));
        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(CREDITS));

        control(subscription, "renewal", "failed");
        becomes("past_due");
        control(subscription, "retry", "exhausted");
        becomes("suspended");
        Simulators.payOnPage(Stack.running().simulatorsUrl() + "/razorpay/i/" + subscription);
        becomes("active");
        Eventually.passes(Duration.ofSeconds(10), () -> new Checker().tenantIsConsistent(customer.tenantId()));
    }

    @Test
    void anUpgradeIsChargedNowADowngradeWaitsAndAPackIsBoughtAndGivenBack() throws Exception {
        String subscription = subscribed();
        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(CREDITS));

        Answer upgraded = customer.api()
                .post("/api/v1/subscription/change", Map.of("plan", "pro"))
                .expect(200);
        long charged = upgraded.at("charge").path("amount").asLong();
        assertThat(upgraded.text("effective")).isEqualTo("now");
        assertThat(charged).isBetween(999_000L, 1_000_000L);
        long credits = CREDITS + 100_000 * charged / 1_000_000;
        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(credits));
        Answer downgraded = customer.api()
                .post("/api/v1/subscription/change", Map.of("plan", "starter"))
                .expect(200);
        assertThat(downgraded.text("effective")).isEqualTo("period_end");
        assertThat(atRazorpay("subscriptions/" + subscription)
                        .path("has_scheduled_changes")
                        .asBoolean())
                .isTrue();
        assertThat(customer.api()
                        .delete("/api/v1/subscription/change")
                        .expect(200)
                        .text("plan"))
                .isEqualTo("pro");
        assertThat(atRazorpay("subscriptions/" + subscription)
                        .path("has_scheduled_changes")
                        .asBoolean())
                .isFalse();

        packIsBoughtAndGivenBack(credits);
        Answer invoices = customer.api().get("/api/v1/invoices").expect(200);
        assertThat(invoices.at("items"))
                .extracting(invoice -> invoice.path("total").path("amount").asLong())
                .contains(499_900L, charged);
    }

    private void packIsBoughtAndGivenBack(long credits) throws Exception {
        Api admin = Api.platformAdmin();
        String pack = "rzp-" + UUID.randomUUID().toString().substring(0, 8);
        admin.post(
                        "/api/v1/admin/credit-packs",
                        Map.of(
                                "code",
                                pack,
                                "name",
                                "A hundred",
                                "price",
                                Map.of("amount", 50_000, "currency", "INR"),
                                "credits",
                                100))
                .expect(201);
        String link = customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of("pack", pack, "provider", "razorpay", "success_url", console(), "cancel_url", console()))
                .expect(201)
                .text("url");
        Simulators.payOnPage(link);
        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(credits + 100));

        String where = " from app.credit_lot where source = 'pack' and tenant_id = '" + customer.tenantId() + "'";
        String lot = new Checker().column("parley_billing", "select id" + where).getFirst();
        String payment = new Checker()
                .column("parley_billing", "select paid_payment" + where)
                .getFirst();
        admin.post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/payment-refunds",
                        Map.of("lot_id", lot, "reason", "the customer changed her mind"))
                .expect(201);
        Eventually.passes(Duration.ofSeconds(30), () -> assertThat(atRazorpay("payments/" + payment)
                        .path("amount_refunded")
                        .asLong())
                .isEqualTo(50_000));
        Eventually.passes(SOON, () -> {
            assertThat(remaining()).isEqualTo(credits);
            new Checker().tenantIsConsistent(customer.tenantId());
        });
    }

    /** An object as Razorpay's API tells it. */
    private static JsonNode atRazorpay(String path) {
        String key = Base64.getEncoder()
                .encodeToString(("rzp_test_parley_local:" + KEY_SECRET).getBytes(StandardCharsets.UTF_8));
        return Api.of(Stack.running().simulatorsUrl())
                .with("Authorization", "Basic " + key)
                .get("/razorpay/v1/" + path)
                .expect(200)
                .body();
    }

    @Test
    void aCancellationIsTakenBackAndOneNowEndsItAtRazorpayToo() {
        subscribed();

        Answer ending = customer.api()
                .post("/api/v1/subscription/cancellation", Map.of("at", "period_end"))
                .expect(200);
        assertThat(ending.at("cancel_at_period_end").asBoolean()).isTrue();
        assertThat(ending.text("status")).isEqualTo("active");
        Answer resumed = customer.api().post("/api/v1/subscription/resumption").expect(200);
        assertThat(resumed.at("cancel_at_period_end").asBoolean()).isFalse();

        customer.api()
                .post("/api/v1/subscription/cancellation", Map.of("at", "now"))
                .expect(200);
        becomes("ended");
        Eventually.passes(SOON, () -> assertThat(remaining()).isZero());
    }

    @Test
    void anAnswerThatIsLostLeavesOneSubscription() {
        String key = UUID.randomUUID().toString();
        Simulators.fault("razorpay", Map.of("reset", true, "after", true, "times", 1, "match", customer.tenantId()));

        Answer lost = checkout(key);
        assertThat(lost.status()).isEqualTo(503);
        Answer again = checkout(key).expect(201);

        assertThat(again.text("checkout_id")).isEqualTo(lost.text("checkout_id"));
        assertThat(Simulators.received("razorpay", again.text("checkout_id"))).hasSize(1);
        assertThat(RazorpayPage.open(again.text("url")).pay("method=card&card=4111"))
                .isEqualTo(console() + "?paid=yes");
        becomes("active");
    }

    @Test
    void aWebhookCountsOnlyWithRazorpaysSignatureAndOnce() throws Exception {
        String body = "{\"entity\":\"event\",\"account_id\":\"acc_1\",\"event\":\"payment.authorized\",\"contains\":[],"
                + "\"payload\":{},\"created_at\":1700000000,\"note\":\"naïve ✓\"}";
        String event = "evt_" + UUID.randomUUID();

        deliver(body, Utils.getHash(body, WEBHOOK_SECRET), event).expect(200);
        deliver(body, Utils.getHash(body, WEBHOOK_SECRET), event).expect(200);
        assertThat(new Checker()
                        .column(
                                "parley_billing",
                                "select count(*) from app.provider_event where event_id = '" + event + "'"))
                .containsExactly("1");
        assertThat(deliver(body, Utils.getHash(body, KEY_SECRET), event).status())
                .isEqualTo(403);
        assertThat(deliver(body + " ", Utils.getHash(body, WEBHOOK_SECRET), event)
                        .status())
                .isEqualTo(403);
        assertThat(deliver(body, Utils.getHash(body, WEBHOOK_SECRET).toUpperCase(java.util.Locale.ROOT), event)
                        .status())
                .isEqualTo(403);
        assertThat(Api.anonymous().post("/webhooks/razorpay", body).status()).isEqualTo(403);
        assertThat(Utils.getHash(
                        "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\",\"note\":\"naïve ✓ 100 €\"}}}",
                        "rzsecret"))
                .isEqualTo("5556a0a5ed4bd5bed3a0dd6165676e91cdb851fee09368b2799e55c0904d8c42");
    }

    private static Answer deliver(String body, String signature, String event) {
        return Api.anonymous()
                .with("X-Razorpay-Signature", signature)
                .with("X-Razorpay-Event-Id", event)
                .post("/webhooks/razorpay", body);
    }

    @Test
    void theOfficialNodeClientAcceptsTheSimulator() throws Exception {
        String verdict = Judges.run(
                "razorpay.mjs",
                Map.of(
                        "SIMULATORS",
                        Stack.running().simulatorsUrl(),
                        "KEY_ID",
                        "rzp_test_parley_local",
                        "KEY_SECRET",
                        KEY_SECRET));

        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(verdict)).isEqualTo(json.readTree("""
                {"errors": {
                   "unknown": "400 BAD_REQUEST_ERROR: The id provided does not exist",
                   "again": "400 BAD_REQUEST_ERROR: Subscription is not cancellable in cancelled status.",
                   "key": "401 BAD_REQUEST_ERROR: Authentication failed"},
                 "created": "created", "declined": 402, "paid": 303, "active": ["active", 1, "npm"],
                 "invoice": [1, "paid", 499900], "refund": ["processed", 100], "listed": [true],
                 "cancelled": "cancelled", "order": ["created", 50000], "link": "paid", "signed": true}
                """));
    }
}
