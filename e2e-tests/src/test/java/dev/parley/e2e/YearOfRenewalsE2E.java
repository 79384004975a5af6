package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Payer;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A customer's year on a test clock, in seconds, at either provider: what the provider, the ledger and the entitlements
 * say is the same in the end.
 */
@Order(110)
class YearOfRenewalsE2E {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long SMALL = 100_000;
    private static final long LARGE = 300_000;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Api admin = Api.platformAdmin();
    private final Checker checker = new Checker();

    private String provider;
    private Payer payer;
    private Customer customer;

    @ParameterizedTest
    @ValueSource(strings = {"stripe", "razorpay"})
    @Timeout(240)
    void aYearOfTrialRenewalsAPackADeclinedCardAnUpgradeADowngradeAndTheEnd(String name) {
        provider = name;
        payer = Payer.at(name);
        publish("small-" + run, SMALL, 1_000);
        publish("large-" + run, LARGE, 5_000);
        customer = Customer.signUp("Year at " + provider + " " + run);

        moveTo(Instant.now().plus(Duration.ofDays(15)));
        assertThat(subscription().path("status").asText()).isEqualTo("ended");
        hasCredits(0);

        buy("small-" + run);
        hasCredits(1_000);
        renew();
        buyPack();
        hasCredits(1_500);
        renew();
        hasCredits(1_500);
        renew();
        hasCredits(1_000);
        upgradeInTheMiddle();
        renew();
        hasCredits(5_000);
        aDeclinedCardAndItsRecovery();
        renew();
        hasCredits(5_000);
        downgradeAtTheEnd();
        for (int month = 8; month <= 12; month++) {
            renew();
            hasCredits(1_000);
        }
        cancel();
        everybodyAgrees();
    }

    private void publish(String code, long price, long credits) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("code", code);
        plan.put("name", "Plan " + code);
        plan.put("price", Map.of("amount", price, "currency", "INR"));
        plan.put("interval", "month");
        plan.put("credits", credits);
        plan.put("rates", Map.of("message", Map.of("credits", 1, "per", 1)));
        plan.put("agents", List.of("concierge"));
        plan.put("channels", List.of("web"));
        plan.put("quotas", Map.of());
        plan.put("overage", Map.of("mode", "block"));
        plan.put("trial_days", 0);
        admin.post("/api/v1/admin/plans", plan).expect(201);
    }

    private Answer moveTo(Instant time) {
        return admin.post("/api/v1/admin/tenants/" + customer.tenantId() + "/test-clock", Map.of("at", time.toString()))
                .expect(200);
    }

    private JsonNode subscription() {
        return customer.api().get("/api/v1/subscription").expect(200).body();
    }

    private Instant periodEnd() {
        return Instant.parse(subscription().path("current_period_end").asText());
    }

    private String atProvider() {
        return checker.column(
                        "parley_billing",
                        "select provider_subscription_id from app.subscription where tenant_id = '"
                                + customer.tenantId() + "'")
                .getFirst();
    }

    private String checkout(String kind, String code) {
        String back = Stack.running().publicUrl() + "/console/";
        return customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of(kind, code, "provider", provider, "success_url", back, "cancel_url", back))
                .expect(201)
                .text("url");
    }

    private void buy(String plan) {
        payer.pay(checkout("plan", plan));
        Eventually.passes(
                SOON, () -> assertThat(subscription().path("plan").asText()).isEqualTo(plan));
    }

    /** 500 credits for 40 days: they outlive the period in which they are bought, and the next one they do not. */
    private void buyPack() {
        String code = "pack-" + run + "-" + provider;
        admin.post(
                        "/api/v1/admin/credit-packs",
                        Map.of(
                                "code",
                                code,
                                "name",
                                "Pack " + code,
                                "price",
                                Map.of("amount", 40_000, "currency", "INR"),
                                "credits",
                                500,
                                "valid_days",
                                40))
                .expect(201);
        payer.pay(checkout("pack", code));
    }

    /** The next period begins, and its credits take the place of those before. */
    private void renew() {
        Instant end = periodEnd();
        moveTo(end.plus(Duration.ofHours(1)));
        assertThat(subscription().path("current_period_start").asText()).isEqualTo(end.toString());
        assertThat(subscription().path("status").asText()).isEqualTo("active");
    }

    private void hasCredits(long expected) {
        Eventually.passes(SOON, () -> assertThat(customer.api()
                        .get("/api/v1/credits")
                        .expect(200)
                        .at("remaining")
                        .asLong())
                .isEqualTo(expected));
    }

    private void upgradeInTheMiddle() {
        Instant start =
                Instant.parse(subscription().path("current_period_start").asText());
        Duration half = Duration.between(start, periodEnd()).dividedBy(2);
        moveTo(start.plus(half));
        Map<String, String> large = Map.of("plan", "large-" + run);
        long quoted = customer.api()
                .post("/api/v1/subscription/change/preview", large)
                .expect(200)
                .at("charge")
                .path("amount")
                .asLong();

        Answer changed =
                customer.api().post("/api/v1/subscription/change", large).expect(200);

        long charged = changed.at("charge").path("amount").asLong();
        assertThat(charged).isBetween(99_000L, 100_001L).isCloseTo(quoted, within(1_000L));
        assertThat(payer.newestCharge(atProvider())).isEqualTo(charged);
        hasCredits(1_000 + 4_000 * charged / (LARGE - SMALL));
        customer.api()
                .post("/api/v1/subscription/change", Map.of("plan", "small-" + run))
                .expect(200);
        customer.api().delete("/api/v1/subscription/change").expect(200);
        hasCredits(1_000 + 4_000 * charged / (LARGE - SMALL));
    }

    private void aDeclinedCardAndItsRecovery() {
        payer.breakCard(atProvider());
        Mailbox mails = new Mailbox(customer.email());
        int before = mails.size();
        Instant end = periodEnd();
        moveTo(end.plus(Duration.ofHours(1)));
        assertThat(subscription().path("status").asText()).isEqualTo("past_due");
        String conversation = customer.conversation("concierge");
        customer.say(conversation, "works in grace").expect(201);
        hasCredits(4_999);
        moveTo(end.plus(payer.patience()));
        assertThat(subscription().path("status").asText()).isEqualTo("past_due");
        moveTo(end.plus(Duration.ofDays(8)));
        assertThat(subscription().path("status").asText()).isEqualTo("suspended");
        Eventually.passes(SOON, () -> assertThat(mails.size() - before).isGreaterThanOrEqualTo(2));
        Eventually.passes(
                SOON, () -> assertThat(customer.say(conversation, "read-only").status())
                        .isIn(402, 403));
        customer.api()
                .get("/api/v1/conversations/" + conversation + "/messages")
                .expect(200);

        payer.payWhatIsOpen(atProvider());

        Eventually.passes(
                SOON, () -> assertThat(subscription().path("status").asText()).isEqualTo("active"));
        hasCredits(5_000);
        Eventually.passes(SOON, () -> customer.say(conversation, "works again").expect(201));
        hasCredits(4_999);
    }

    private void downgradeAtTheEnd() {
        Answer answer = customer.api()
                .post("/api/v1/subscription/change", Map.of("plan", "small-" + run))
                .expect(200);
        assertThat(answer.text("effective")).isEqualTo("period_end");
        assertThat(subscription().path("plan").asText()).isEqualTo("large-" + run);
        assertThat(subscription().path("pending_plan").asText()).isEqualTo("small-" + run);
        renew();
        assertThat(subscription().path("plan").asText()).isEqualTo("small-" + run);
        hasCredits(1_000);
    }

    private void cancel() {
        customer.api()
                .post("/api/v1/subscription/cancellation", Map.of("at", "period_end"))
                .expect(200);
        moveTo(periodEnd().plus(Duration.ofHours(1)));
        assertThat(subscription().path("status").asText()).isEqualTo("ended");
    }

    private void everybodyAgrees() {
        assertThat(payer.status(atProvider())).isIn("canceled", "cancelled");
        Payer.Paid paid = payer.paid(atProvider());
        Eventually.passes(SOON, () -> {
            long booked = 0;
            int count = 0;
            for (JsonNode invoice :
                    customer.api().get("/api/v1/invoices?limit=100").expect(200).at("items")) {
                assertThat(invoice.path("status").asText()).isEqualTo("paid");
                booked += invoice.path("total").path("amount").asLong();
                count++;
            }
            assertThat(count).isEqualTo(paid.invoices()).isEqualTo(14);
            assertThat(booked).isEqualTo(paid.amount());
        });
        hasCredits(0);
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
        Eventually.passes(SOON, () -> assertThat(checker.column(
                        "parley_policy",
                        "select subscription ->> 'status' from app.entitlement where tenant_id = '"
                                + customer.tenantId() + "'"))
                .containsExactly("ended"));
        String reconciliation = admin.post("/api/v1/admin/reconciliations", Map.of("tenant_id", customer.tenantId()))
                .expect(202)
                .text("id");
        Eventually.passes(SOON, () -> {
            Answer report = admin.get("/api/v1/admin/reconciliations/" + reconciliation);
            assertThat(report.text("state")).isEqualTo("done");
            assertThat(report.at("items")).as(report.raw()).isEmpty();
            assertThat(report.at("not_compared").asLong()).isZero();
        });
    }
}
