package dev.parley.e2e.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Pays at Razorpay, over its own pages and API. */
final class RazorpayPayer implements Payer {
    private final String address = Stack.running().simulatorsUrl() + "/razorpay";
    private final Api account = Api.of("")
            .with(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString("rzp_test_parley_local:rzp_secret_parley_local"
                                            .getBytes(StandardCharsets.US_ASCII)));

    /** A subscription is paid on Hosted Checkout, a pack on the page of its payment link. */
    @Override
    public void pay(String url) {
        if (url.contains("/razorpay/i/")) {
            Simulators.payOnPage(url);
        } else {
            RazorpayPage.open(url).pay("method=card&card=4111");
        }
    }

    @Override
    public void breakCard(String subscription) {
        card(subscription, "failed");
    }

    @Override
    public void payWhatIsOpen(String subscription) {
        JsonNode open = invoices(subscription).getFirst();
        assertThat(open.path("status").asText()).isEqualTo("issued");
        card(subscription, "paid");
        Simulators.payOnPage(address + "/i/" + open.path("id").asText());
    }

    /** Razorpay tries on three days and then halts the subscription. */
    @Override
    public Duration patience() {
        return Duration.ofDays(2);
    }

    @Override
    public long newestCharge(String subscription) {
        return invoices(subscription).getFirst().path("amount_paid").asLong();
    }

    @Override
    public Paid paid(String subscription) {
        List<JsonNode> invoices = invoices(subscription);
        assertThat(invoices)
                .allSatisfy(
                        invoice -> assertThat(invoice.path("status").asText()).isEqualTo("paid"));
        return new Paid(
                invoices.size(),
                invoices.stream()
                        .mapToLong(invoice -> invoice.path("amount_paid").asLong())
                        .sum());
    }

    @Override
    public String status(String subscription) {
        return ask("/subscriptions/" + subscription).text("status");
    }

    /** Newest first. */
    private List<JsonNode> invoices(String subscription) {
        List<JsonNode> invoices = new ArrayList<>();
        ask("/invoices?count=100&subscription_id=" + subscription).at("items").forEach(invoices::add);
        return invoices;
    }

    private Answer ask(String path) {
        return account.get(address + "/v1" + path).expect(200);
    }

    private static void card(String subscription, String outcome) {
        Simulators.api()
                .put("/_control/razorpay/subscriptions/" + subscription + "/card", Map.of("outcome", outcome))
                .expect(200);
    }
}
