package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Payer;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A month in which a customer uses more than its credits: the next invoice charges that, and the debt is paid. */
@Order(115)
class OverageE2E {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final Api admin = Api.platformAdmin();
    private final Checker checker = new Checker();

    private Customer customer;

    @ParameterizedTest
    @ValueSource(strings = {"stripe", "razorpay"})
    @Timeout(240)
    void whatIsUsedBeyondTheCreditsIsOnTheNextInvoiceAndItsPaymentPaysTheDebt(String provider) {
        String plan = "over-" + UUID.randomUUID().toString().substring(0, 8);
        publish(plan);
        customer = Customer.signUp("Overused at " + provider);
        moveTo(Instant.now().plus(Duration.ofDays(15)));
        String back = Stack.running().publicUrl() + "/console/";
        Payer.at(provider)
                .pay(customer.api()
                        .post(
                                "/api/v1/checkout",
                                Map.of("plan", plan, "provider", provider, "success_url", back, "cancel_url", back))
                        .expect(201)
                        .text("url"));
        credits(3, 0);

        String conversation = customer.conversation("concierge");
        for (int message = 1; message <= 5; message++) {
            customer.say(conversation, "message " + message).expect(201);
        }
        credits(0, 2);
        booked("-2");
        Instant end = Instant.parse(
                customer.api().get("/api/v1/subscription").expect(200).text("current_period_end"));
        moveTo(end.plus(Duration.ofHours(1)));

        credits(3, 0);
        booked("3");
        Eventually.passes(SOON, () -> {
            JsonNode newest = customer.api()
                    .get("/api/v1/invoices?limit=1")
                    .expect(200)
                    .at("items")
                    .path(0);
            assertThat(newest.path("status").asText()).isEqualTo("paid");
            assertThat(newest.path("total").path("amount").asLong()).isEqualTo(30_000 + 20_000);
            JsonNode lines = customer.api()
                    .get("/api/v1/invoices/" + newest.path("id").asText())
                    .expect(200)
                    .at("lines");
            assertThat(lines).hasSize(2);
            assertThat(lines.path(1).path("description").asText()).endsWith("overage: 2 credits");
            assertThat(lines.path(1).path("period_end").asText()).isEqualTo(end.toString());
        });
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
        customer.say(conversation, "in the next month").expect(201);
        credits(2, 0);
    }

    private void publish(String code) {
        admin.post(
                        "/api/v1/admin/plans",
                        Map.ofEntries(
                                Map.entry("code", code),
                                Map.entry("name", "Plan " + code),
                                Map.entry("price", Map.of("amount", 30_000, "currency", "INR")),
                                Map.entry("interval", "month"),
                                Map.entry("credits", 3),
                                Map.entry("rates", Map.of("message", Map.of("credits", 1, "per", 1))),
                                Map.entry("agents", List.of("concierge")),
                                Map.entry("channels", List.of("web")),
                                Map.entry("quotas", Map.of()),
                                Map.entry("overage", Map.of("mode", "charge_up_to_cap", "cap", 4)),
                                Map.entry("trial_days", 0)))
                .expect(201);
    }

    private void moveTo(Instant time) {
        admin.post("/api/v1/admin/tenants/" + customer.tenantId() + "/test-clock", Map.of("at", time.toString()))
                .expect(200);
    }

    private void credits(long remaining, long overage) {
        Eventually.passes(SOON, () -> {
            var credits = customer.api().get("/api/v1/credits").expect(200);
            assertThat(credits.at("remaining").asLong()).isEqualTo(remaining);
            assertThat(credits.at("overage").asLong()).isEqualTo(overage);
        });
    }

    private void booked(String available) {
        Eventually.passes(SOON, () -> assertThat(checker.column(
                        "parley_billing",
                        "select coalesce(sum(credits), 0)::text from app.ledger_entry where account ="
                                + " 'credits:available' and tenant_id = '" + customer.tenantId() + "'"))
                .containsExactly(available));
    }
}
