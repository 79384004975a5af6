package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.stripe.StripeClient;
import com.stripe.exception.CardException;
import com.stripe.exception.StripeException;
import com.stripe.model.Invoice;
import com.stripe.model.PaymentMethod;
import com.stripe.model.Subscription;
import com.stripe.param.InvoiceListParams;
import com.stripe.param.PaymentMethodAttachParams;
import com.stripe.param.SubscriptionUpdateParams;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Mailbox;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A customer's year on a test clock, in seconds: what Stripe, the ledger and the entitlements say is the same. */
@Order(110)
class YearOfRenewalsE2E {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long SMALL = 100_000;
    private static final long LARGE = 300_000;

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Api admin = Api.platformAdmin();
    private final StripeClient stripe = StripeClient.builder()
            .setApiKey("sk_test_parley_local")
            .setApiBase(Stack.running().simulatorsUrl() + "/stripe")
            .build();

    private Customer customer;

    @Test
    @Timeout(60)
    void aYearOfTrialRenewalsADeclinedCardAnUpgradeADowngradeAndTheEnd() throws Exception {
        publish("small-" + run, SMALL, 1_000);
        publish("large-" + run, LARGE, 5_000);
        customer = Customer.signUp("Year " + run);

        moveTo(Instant.now().plus(Duration.ofDays(15)));
        assertThat(subscription().path("status").asText()).isEqualTo("ended");

        buy("small-" + run);
        hasCredits(1_000);
        for (int month = 1; month <= 3; month++) {
            renew();
            hasCredits(1_000);
        }
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

    private void buy(String plan) {
        String back = Stack.running().publicUrl() + "/console/";
        String url = customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of("plan", plan, "provider", "stripe", "success_url", back, "cancel_url", back))
                .expect(201)
                .text("url");
        Simulators.payOnPage(url);
        Eventually.passes(
                SOON, () -> assertThat(subscription().path("plan").asText()).isEqualTo(plan));
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

    private void upgradeInTheMiddle() throws StripeException {
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
        assertThat(latestInvoice().getBillingReason()).isEqualTo("subscription_update");
        assertThat(latestInvoice().getAmountPaid()).isEqualTo(charged);
        hasCredits(1_000 + 4_000 * charged / (LARGE - SMALL));
        customer.api()
                .post("/api/v1/subscription/change", Map.of("plan", "small-" + run))
                .expect(200);
        customer.api().delete("/api/v1/subscription/change").expect(200);
        hasCredits(1_000 + 4_000 * charged / (LARGE - SMALL));
    }

    private void aDeclinedCardAndItsRecovery() throws StripeException {
        card("pm_card_chargeCustomerFail");
        Mailbox mails = new Mailbox(customer.email());
        int before = mails.size();
        Instant end = periodEnd();
        moveTo(end.plus(Duration.ofHours(1)));
        assertThat(subscription().path("status").asText()).isEqualTo("past_due");
        String conversation = customer.conversation("concierge");
        customer.say(conversation, "works in grace").expect(201);
        moveTo(end.plus(Duration.ofDays(4)));
        assertThat(subscription().path("status").asText()).isEqualTo("past_due");
        moveTo(end.plus(Duration.ofDays(8)));
        assertThat(subscription().path("status").asText()).isEqualTo("suspended");
        Eventually.passes(SOON, () -> assertThat(mails.size() - before).isEqualTo(3));
        Eventually.passes(
                SOON, () -> assertThat(customer.say(conversation, "read-only").status())
                        .isIn(402, 403));

        assertThatThrownBy(() -> stripe.v1().invoices().pay(latestInvoice().getId()))
                .isInstanceOf(CardException.class);
        card("pm_card_visa");
        stripe.v1().invoices().pay(latestInvoice().getId());

        Eventually.passes(
                SOON, () -> assertThat(subscription().path("status").asText()).isEqualTo("active"));
        hasCredits(5_000);
    }

    private void card(String testCard) throws StripeException {
        Subscription subscription = atStripe();
        PaymentMethod method = stripe.v1()
                .paymentMethods()
                .attach(
                        testCard,
                        PaymentMethodAttachParams.builder()
                                .setCustomer(subscription.getCustomer())
                                .build());
        stripe.v1()
                .subscriptions()
                .update(
                        subscription.getId(),
                        SubscriptionUpdateParams.builder()
                                .setDefaultPaymentMethod(method.getId())
                                .build());
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

    private void everybodyAgrees() throws StripeException {
        Subscription atStripe = atStripe();
        assertThat(atStripe.getStatus()).isEqualTo("canceled");
        List<Invoice> paid = new ArrayList<>();
        stripe.v1()
                .invoices()
                .list(InvoiceListParams.builder()
                        .setCustomer(atStripe.getCustomer())
                        .setLimit(100L)
                        .build())
                .autoPagingIterable()
                .forEach(paid::add);
        assertThat(paid).allSatisfy(invoice -> assertThat(invoice.getStatus()).isEqualTo("paid"));
        long taken = paid.stream().mapToLong(Invoice::getAmountPaid).sum();
        Eventually.passes(SOON, () -> {
            long booked = 0;
            int count = 0;
            for (JsonNode invoice :
                    customer.api().get("/api/v1/invoices?limit=100").expect(200).at("items")) {
                assertThat(invoice.path("status").asText()).isEqualTo("paid");
                booked += invoice.path("total").path("amount").asLong();
                count++;
            }
            assertThat(count).isEqualTo(paid.size()).isGreaterThanOrEqualTo(13);
            assertThat(booked).isEqualTo(taken);
        });
        hasCredits(0);
        Eventually.passes(SOON, () -> new Checker().tenantIsConsistent(customer.tenantId()));
        Eventually.passes(SOON, () -> assertThat(new Checker()
                        .column(
                                "parley_policy",
                                "select subscription ->> 'status' from app.entitlement where tenant_id = '"
                                        + customer.tenantId() + "'"))
                .containsExactly("ended"));
    }

    private Subscription atStripe() throws StripeException {
        String id = new Checker()
                .column(
                        "parley_billing",
                        "select provider_subscription_id from app.subscription where tenant_id = '"
                                + customer.tenantId() + "'")
                .getFirst();
        return stripe.v1().subscriptions().retrieve(id);
    }

    private Invoice latestInvoice() throws StripeException {
        return stripe.v1().invoices().retrieve(atStripe().getLatestInvoice());
    }
}
