package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.stripe.StripeClient;
import com.stripe.model.Customer;
import com.stripe.model.checkout.Session;
import com.stripe.net.Webhook;
import com.stripe.param.CustomerCreateParams;
import com.stripe.param.checkout.SessionCreateParams;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Judges;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Stripe's own code judges our webhook and our simulator. */
@Order(100)
class PaymentE2E {
    private static final String SECRET = "whsec_parley_local";

    @Test
    void aWebhookCountsOnlyWithAFreshSignature() throws Exception {
        String body = event("evt_" + UUID.randomUUID());
        long now = Instant.now().getEpochSecond();

        deliver(body, signature(body, now, SECRET)).expect(200);
        assertThat(deliver(body, signature(body, now, "whsec_other")).status()).isIn(400, 401, 403);
        assertThat(deliver(body, signature(body, now - 400, SECRET)).status()).isIn(400, 401, 403);
        assertThat(deliver(body, signature(body, now + 400, SECRET)).status()).isIn(400, 401, 403);
        assertThat(deliver(body + " ", signature(body, now, SECRET)).status()).isIn(400, 401, 403);
        assertThat(Api.anonymous().post("/webhooks/stripe", body).status()).isIn(400, 401, 403);
    }

    @Test
    void thePaymentOfOneCheckoutIsBookedOnceHoweverOftenItIsTold() {
        dev.parley.e2e.support.Customer customer = dev.parley.e2e.support.Customer.signUp();
        Answer checkout = customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                "starter",
                                "provider",
                                "stripe",
                                "success_url",
                                Stack.running().publicUrl() + "/console/",
                                "cancel_url",
                                Stack.running().publicUrl() + "/console/"))
                .expect(201);
        Simulators.api().put("/_control/faults/stripe-webhooks", Map.of("duplicate", 4, "reorder", true));
        try {
            Simulators.payOnPage(checkout.text("url"));
            Eventually.passes(Duration.ofSeconds(15), () -> assertThat(
                            customer.api().get("/api/v1/credits").at("granted").asInt())
                    .isEqualTo(49_990));
        } finally {
            Simulators.api().delete("/_control/faults/stripe-webhooks");
        }
        Eventually.passes(Duration.ofSeconds(10), () -> {
            assertThat(customer.api().get("/api/v1/credits").at("remaining").asInt())
                    .isEqualTo(49_990);
            new Checker().tenantIsConsistent(customer.tenantId());
        });
        assertThat(customer.api().get("/api/v1/invoices").expect(200).at("items"))
                .hasSize(1);
    }

    @Test
    void theOfficialClientAcceptsTheSimulator() throws Exception {
        StripeClient stripe = StripeClient.builder()
                .setApiKey("sk_test_parley_local")
                .setApiBase(Stack.running().simulatorsUrl() + "/stripe")
                .build();

        Customer made = stripe.v1()
                .customers()
                .create(CustomerCreateParams.builder()
                        .setEmail("judge@example.com")
                        .build());
        Session session = stripe.v1()
                .checkout()
                .sessions()
                .create(SessionCreateParams.builder()
                        .setMode(SessionCreateParams.Mode.SUBSCRIPTION)
                        .setCustomer(made.getId())
                        .setSuccessUrl("https://example.com/ok")
                        .setCancelUrl("https://example.com/no")
                        .addLineItem(SessionCreateParams.LineItem.builder()
                                .setQuantity(1L)
                                .setPriceData(SessionCreateParams.LineItem.PriceData.builder()
                                        .setCurrency("inr")
                                        .setUnitAmount(499_900L)
                                        .setRecurring(SessionCreateParams.LineItem.PriceData.Recurring.builder()
                                                .setInterval(
                                                        SessionCreateParams.LineItem.PriceData.Recurring.Interval.MONTH)
                                                .build())
                                        .setProductData(SessionCreateParams.LineItem.PriceData.ProductData.builder()
                                                .setName("Starter")
                                                .build())
                                        .build())
                                .build())
                        .build());

        assertThat(session.getUrl()).startsWith("http");
        assertThat(stripe.v1().checkout().sessions().retrieve(session.getId()).getAmountTotal())
                .isEqualTo(499_900L);
    }

    @Test
    void theOfficialNodeClientAcceptsTheSimulatorAndWeAcceptWhatItSigns() throws Exception {
        String verdict = Judges.run(
                "stripe.mjs",
                Map.of(
                        "SIMULATORS",
                        Stack.running().simulatorsUrl(),
                        "GATEWAY",
                        Stack.running().gatewayUrl(),
                        "WEBHOOK_SECRET",
                        SECRET));

        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(verdict)).isEqualTo(json.readTree("""
                {"errors": {
                   "unknown": "404 StripeInvalidRequestError",
                   "parameter": "400 StripeInvalidRequestError",
                   "key": "401 StripeAuthenticationError"},
                 "created": ["open", 499900], "declined": 402, "paid": 303,
                 "active": ["complete", "active", 499900], "listed": [true], "cancelled": "canceled",
                 "webhooks": {"signed": [true, 200], "again": [true, 200], "changed": [false, 403],
                   "forged": [false, 403], "stale": [false, 403], "future": [true, 403]}}
                """));
    }

    private static Answer deliver(String body, String signature) {
        return Api.anonymous().with("Stripe-Signature", signature).post("/webhooks/stripe", body);
    }

    private static String signature(String body, long timestamp, String secret) throws Exception {
        return "t=" + timestamp + ",v1=" + Webhook.Util.computeHmacSha256(secret, timestamp + "." + body);
    }

    private static String event(String id) {
        return """
                {"id":"%s","object":"event","api_version":"2025-03-31.basil","created":%d,"livemode":false,
                 "pending_webhooks":1,"type":"customer.updated","data":{"object":{"id":"cus_1","object":"customer"}}}
                """.formatted(id, Instant.now().getEpochSecond()).strip();
    }

    @Test
    void theSignatureOfStripesOwnCodeIsTheKnownAnswer() throws Exception {
        String body =
                "{\"id\":\"evt_1\",\"object\":\"event\",\"type\":\"invoice.paid\",\"data\":{\"object\":{\"id\":\"in_1\",\"note\":\"naïve ✓ 100 €\"}}}";

        assertThat(Webhook.Util.computeHmacSha256("whsec_test_secret", "1700000000." + body))
                .isEqualTo("6b2caeb9a89abc34304c51d315973d2211fd3b2f7e60d1fc43ef1a6bee669a6b");
    }
}
