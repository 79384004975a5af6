package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Checker;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.KeycloakAdmin;
import dev.parley.e2e.support.Payer;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What staff do about a customer's money: refunds, another payment provider, a provider's events once more. */
@Order(111)
class MoneyStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(15);

    private final String run = UUID.randomUUID().toString().substring(0, 8);
    private final Api staff = Api.platformAdmin();
    private final Checker checker = new Checker();
    private final Customer customer = Customer.signUp("Money " + run);

    private long remaining() {
        return customer.api().get("/api/v1/credits").expect(200).at("remaining").asLong();
    }

    /** The credits of the trial, once it has begun. */
    private long trial() {
        Eventually.passes(SOON, () -> assertThat(remaining()).isPositive());
        return remaining();
    }

    private void hasCredits(long expected) {
        Eventually.passes(SOON, () -> assertThat(remaining()).isEqualTo(expected));
    }

    private JsonNode subscription() {
        return customer.api().get("/api/v1/subscription").expect(200).body();
    }

    private String column(String select) {
        return checker.column("parley_billing", select + " where tenant_id = '" + customer.tenantId() + "'")
                .getFirst();
    }

    private String checkout(String kind, String code, String provider) {
        String back = Stack.running().publicUrl() + "/console/";
        return customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of(kind, code, "provider", provider, "success_url", back, "cancel_url", back))
                .expect(201)
                .text("url");
    }

    private void publishPlan(String code, long price, long credits, String agent) {
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("code", code);
        plan.put("name", "Plan " + code);
        plan.put("price", Map.of("amount", price, "currency", "INR"));
        plan.put("interval", "month");
        plan.put("credits", credits);
        plan.put("rates", Map.of("message", Map.of("credits", 1, "per", 1)));
        plan.put("agents", List.of(agent));
        plan.put("channels", List.of("web"));
        plan.put("quotas", Map.of());
        plan.put("overage", Map.of("mode", "block"));
        plan.put("trial_days", 0);
        staff.post("/api/v1/admin/plans", plan).expect(201);
    }

    private void buyPack(String provider, long credits, int validDays) {
        String code = "pack-" + run + "-" + provider;
        staff.post(
                        "/api/v1/admin/credit-packs",
                        Map.of(
                                "code",
                                code,
                                "name",
                                "Pack " + code,
                                "price",
                                Map.of("amount", 40_000, "currency", "INR"),
                                "credits",
                                credits,
                                "valid_days",
                                validDays))
                .expect(201);
        Payer.at(provider).pay(checkout("pack", code, provider));
    }

    private String packLot() {
        for (JsonNode lot : customer.api().get("/api/v1/credits").expect(200).at("lots")) {
            if (lot.path("source").asText().equals("pack")) {
                return lot.path("id").asText();
            }
        }
        throw new AssertionError("there is no pack");
    }

    private Answer refund(String lot) {
        return staff.post(
                "/api/v1/admin/tenants/" + customer.tenantId() + "/payment-refunds",
                Map.of("lot_id", lot, "reason", "bought by mistake"));
    }

    private void isRefunded(String lot, long unspent, long amount) {
        Eventually.passes(Duration.ofSeconds(30), () -> {
            JsonNode refund = staff.with("X-Access-Reason", "the customer asked")
                    .get("/api/v1/admin/tenants/" + customer.tenantId() + "/payment-refunds")
                    .expect(200)
                    .at("/items/0");
            assertThat(refund.path("lot_id").asText()).isEqualTo(lot);
            assertThat(refund.path("status").asText()).isEqualTo("done");
            assertThat(refund.path("unspent").asLong()).isEqualTo(unspent);
            assertThat(refund.path("amount").path("amount").asLong()).isEqualTo(amount);
        });
    }

    /** The pack expires before the trial's credits, so it is spent first. */
    @ParameterizedTest
    @ValueSource(strings = {"stripe", "razorpay"})
    void whatIsUnspentOfAPackGoesBack(String provider) {
        long trial = trial();
        buyPack(provider, 500, 3);
        hasCredits(trial + 500);
        customer.say(customer.conversation("concierge"), "Hello").expect(201);
        Eventually.passes(SOON, () -> assertThat(remaining()).isLessThan(trial + 500));
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
        long spent = trial + 500 - remaining();

        String lot = packLot();
        Answer begun = refund(lot).expect(201);
        assertThat(refund(lot).expect(201).text("id")).isEqualTo(begun.text("id"));

        isRefunded(lot, 500 - spent, 40_000 * (500 - spent) / 500);
        hasCredits(trial);
        JsonNode newest =
                customer.api().get("/api/v1/credits/history").expect(200).at("/items/0");
        assertThat(newest.path("kind").asText()).isEqualTo("payment-refund");
        assertThat(newest.path("credits").asLong()).isEqualTo(spent - 500);
        assertThat(newest.path("balance").asLong()).isEqualTo(trial);
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
    }

    @Test
    void aLargeRefundWaitsForASecondAdmin() {
        Api second = Api.login(KeycloakAdmin.newPlatformAdmin("second-pair-of-eyes-1"), "second-pair-of-eyes-1");
        long trial = trial();
        buyPack("stripe", 100_001, 3);
        hasCredits(trial + 100_001);
        String lot = packLot();

        Answer waiting = refund(lot).expect(202);
        String approval = "/api/v1/admin/approvals/" + waiting.text("approval_id") + "/approval";
        assertThat(waiting.text("status")).isEqualTo("waiting");
        assertThat(staff.post(approval).expect(403).text("code")).isEqualTo("SECOND_ADMIN_REQUIRED");
        assertThat(remaining()).isEqualTo(trial + 100_001);
        second.post(approval).expect(200);
        second.post(approval).expect(200);

        isRefunded(lot, 100_001, 40_000);
        hasCredits(trial);
    }

    @ParameterizedTest
    @CsvSource({"stripe, razorpay", "razorpay, stripe"})
    void aTenantGoesOnAtTheOtherProviderWithItsCredits(String from, String to) {
        publishPlan("moving-" + run, 100_000, 1_000, "concierge");
        moveClock(Instant.now().plus(Duration.ofMinutes(1)));
        Payer.at(from).pay(checkout("plan", "moving-" + run, from));
        Eventually.passes(
                SOON, () -> assertThat(subscription().path("plan").asText()).isEqualTo("moving-" + run));
        hasCredits(1_000);
        String old = column("select provider_subscription_id from app.subscription");
        Instant end = Instant.parse(subscription().path("current_period_end").asText());

        String url = staff.post(
                        "/api/v1/admin/tenants/" + customer.tenantId() + "/provider-move",
                        Map.of("provider", to, "reason", "cheaper cards"))
                .expect(201)
                .text("url");
        Payer.at(to).pay(url);

        Eventually.passes(
                SOON, () -> assertThat(subscription().path("provider").asText()).isEqualTo(to));
        assertThat(remaining()).isEqualTo(1_000);
        assertThat(subscription().path("status").asText()).isEqualTo("active");
        Eventually.passes(Duration.ofSeconds(30), () -> assertThat(checker.column(
                        "parley_billing",
                        "select cancelled_at is not null from app.provider_subscription where"
                                + " provider_subscription_id = '" + old + "'"))
                .containsExactly("t"));
        moveClock(end.plus(Duration.ofHours(2)));

        Eventually.passes(SOON, () -> assertThat(Instant.parse(
                        subscription().path("current_period_start").asText()))
                .isEqualTo(end));
        assertThat(subscription().path("status").asText()).isEqualTo("active");
        hasCredits(1_000);
        String now = column("select provider_subscription_id from app.subscription");
        assertThat(Payer.at(to).paid(now).amount()).isEqualTo(100_000);
        assertThat(Payer.at(from).paid(old)).isEqualTo(new Payer.Paid(1, 100_000));
        assertThat(Payer.at(from).status(old)).isIn("canceled", "cancelled");
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
    }

    private void moveClock(Instant at) {
        staff.post("/api/v1/admin/tenants/" + customer.tenantId() + "/test-clock", Map.of("at", at.toString()))
                .expect(200);
    }

    /** Plans may be priced before an agent is released; until then nobody gets more by one, and nobody is charged. */
    @Test
    void anAgentThatAPlanNamesAndNobodyHasIsNobodysAgent() {
        publishPlan("early-" + run, 0, 100, "unborn-" + run);
        customer.subscribe("early-" + run);
        hasCredits(100);

        assertThat(conversation("unborn-" + run).expect(422).text("code")).isEqualTo("AGENT_UNKNOWN");
        Eventually.passes(
                SOON, () -> assertThat(conversation("concierge").text("code")).isEqualTo("AGENT_NOT_IN_PLAN"));
        assertThat(remaining()).isEqualTo(100);
        checker.tenantIsConsistent(customer.tenantId());
    }

    private Answer conversation(String agent) {
        return customer.api().post("/api/v1/conversations", Map.of("agent", agent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stripe", "razorpay"})
    void eventsThatAreReplayedChangeNothing(String provider) {
        Instant before = Instant.now().minusSeconds(1);
        Payer.at(provider).pay(checkout("plan", "starter", provider));
        Eventually.passes(
                SOON, () -> assertThat(subscription().path("plan").asText()).isEqualTo("starter"));
        hasCredits(49_990);
        JsonNode was = subscription();

        Answer replay = staff.post(
                        "/api/v1/admin/provider-events/replay",
                        Map.of("provider", provider, "from", before.toString(), "reason", "an outage"))
                .expect(202);

        assertThat(replay.at("replayed").asInt()).isPositive();
        Eventually.passes(SOON, () -> assertThat(checker.column(
                        "parley_billing",
                        "select count(*) from app.provider_event where state = 'received' and received_at > '" + before
                                + "'"))
                .containsExactly("0"));
        assertThat(subscription()).isEqualTo(was);
        assertThat(remaining()).isEqualTo(49_990);
        assertThat(customer.api().get("/api/v1/invoices").expect(200).at("items"))
                .hasSize(1);
        Eventually.passes(SOON, () -> checker.tenantIsConsistent(customer.tenantId()));
    }
}
