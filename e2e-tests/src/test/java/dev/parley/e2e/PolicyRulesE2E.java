package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A builder asks why something was refused; staff tries a plan and rules on what happened before they count. */
@Order(43)
class PolicyRulesE2E {
    private static final String RULES = "/api/v1/admin/policy-rules";

    @Test
    void aRefusalIsFoundInTheLogWithItsRuleItsLimitsAndWhatToDo() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(2));
        String conversation = customer.conversation("concierge");
        customer.say(conversation, "one").expect(201);
        customer.say(conversation, "two").expect(201);
        Answer refused = customer.say(conversation, "three").expect(402);

        JsonNode denials = customer.api()
                .get("/api/v1/policy/decisions?allow=false&reason_code=CREDITS_EXHAUSTED")
                .expect(200)
                .at("items");
        assertThat(denials).hasSize(1);
        String id = denials.get(0).path("decision_id").asText();
        assertThat(id).isEqualTo(refused.text("/policy/decision_id"));
        Answer one = customer.api().get("/api/v1/policy/decisions/" + id).expect(200);
        assertThat(one.text("rule_id")).isEqualTo("credits.balance");
        assertThat(one.text("remedy")).isEqualTo(refused.text("/policy/remedy")).isNotEmpty();
        JsonNode credits = one.at("/limits_applied/0");
        assertThat(credits.path("meter").asText()).isEqualTo("credits");
        assertThat(credits.path("limit").asLong()).isEqualTo(2);
        assertThat(credits.path("used").asLong()).isEqualTo(2);
        assertThat(credits.path("remaining").asLong()).isZero();
        assertThat(credits.path("resets_at").asText()).isEqualTo(refused.text("/policy/resets_at"));
        Eventually.passes(Duration.ofSeconds(3), () -> assertThat(customer.api()
                        .get("/api/v1/policy/decisions?allow=true")
                        .expect(200)
                        .at("items"))
                .as("the opening of the conversation and two messages")
                .hasSize(3));
        Customer.signUp().api().get("/api/v1/policy/decisions/" + id).expect(404);
    }

    @Test
    void aPlanIsTriedOnWhatHappenedBeforeItIsPublished() {
        Api admin = Api.platformAdmin();
        String code = Plans.withCredits(50);
        Customer user = Customer.signUp().subscribe(code);
        Customer bystander = Customer.signUp().subscribe(code);
        for (String agent : List.of("concierge", "support", "support")) {
            user.say(user.conversation(agent), "hello").expect(201);
        }
        bystander.say(bystander.conversation("concierge"), "hello").expect(201);
        Map<String, Object> draft = new LinkedHashMap<>(Map.of(
                "code", code,
                "name", "Without support",
                "price", Map.of("amount", 0, "currency", "INR"),
                "credits", 50,
                "rates", Map.of("message", Map.of("credits", 2, "per", 1)),
                "agents", List.of("concierge", "sales"),
                "channels", List.of("web", "api", "telegram")));

        Answer simulated = Eventually.within(Duration.ofSeconds(5), () -> {
            Answer answer = simulate(admin, "plan", draft).expect(200);
            assertThat(answer.at("/tenants")).hasSize(2);
            assertThat(tenant(answer, user).path("now_denied").asLong())
                    .as("two openings, two messages")
                    .isEqualTo(4);
            return answer;
        });

        assertThat(simulated.at("unreproduced").asLong()).isZero();
        JsonNode change = tenant(simulated, user);
        assertThat(change.path("plan").asText()).isEqualTo(code);
        assertThat(change.path("now_allowed").asLong()).isZero();
        assertThat(change.at("/examples/0/after").asText()).isEqualTo("AGENT_NOT_IN_PLAN");
        JsonNode other = tenant(simulated, bystander);
        assertThat(other.path("changed").asLong()).isZero();
        assertThat(other.path("credits_after").asLong())
                .isEqualTo(2 * other.path("credits_before").asLong())
                .isPositive();
        // Nothing was published: the agent still answers.
        user.say(user.conversation("support"), "still there?").expect(201);
    }

    @Test
    void rulesAreDraftedTriedPutInForceAndTakenBack() {
        Api admin = Api.platformAdmin();
        Customer customer = Customer.signUp();
        String conversation = customer.conversation("concierge");
        customer.say(conversation, "hello").expect(201);
        Map<String, Object> rules = Map.of(
                "deny",
                List.of(Map.of(
                        "id", "stop-one", "tenants", List.of(customer.tenantId()), "remedy", "Write to support.")));
        int before = active(admin);

        int drafted = admin.post(RULES, rules).expect(201).at("version").asInt();
        Eventually.passes(Duration.ofSeconds(5), () -> {
            Answer tried = simulate(admin, "rules", rules).expect(200);
            assertThat(tried.at("tenants")).hasSize(1);
            assertThat(tenant(tried, customer).path("now_denied").asLong()).isPositive();
        });
        customer.say(conversation, "a draft stops nobody").expect(201);
        activate(admin, drafted);
        Answer refused = customer.say(conversation, "but this does").expect(403);
        assertThat(refused.text("code")).isEqualTo("DENIED_BY_RULE");
        assertThat(refused.text("/policy/rule_id")).isEqualTo("rules.stop-one");
        assertThat(refused.text("/policy/remedy")).isEqualTo("Write to support.");
        Customer.signUp()
                .api()
                .post("/api/v1/policy/explain", Map.of("agent", "concierge"))
                .expect(200);

        activate(admin, before);
        customer.say(conversation, "back again").expect(201);
        customer.api().post(RULES, rules).expect(403);
        admin.post("/api/v1/policy/simulate", body("rules", rules)).expect(400);
    }

    /** The version in force; an empty one when there is none yet. */
    private static int active(Api admin) {
        for (JsonNode version : admin.get(RULES).expect(200).at("items")) {
            if (version.path("status").asText().equals("active")) {
                return version.path("version").asInt();
            }
        }
        int empty = admin.post(RULES, Map.of()).expect(201).at("version").asInt();
        activate(admin, empty);
        return empty;
    }

    private static void activate(Api admin, int version) {
        admin.post(RULES + "/" + version + "/activation", Map.of("reason", "a story"))
                .expect(200);
    }

    private static Answer simulate(Api admin, String what, Object draft) {
        return admin.with("X-Access-Reason", "before we publish it " + UUID.randomUUID())
                .post("/api/v1/policy/simulate", body(what, draft));
    }

    private static Map<String, Object> body(String what, Object draft) {
        return Map.of(
                what,
                draft,
                "from",
                Instant.now().minusSeconds(3600).toString(),
                "to",
                Instant.now().plusSeconds(3600).toString());
    }

    private static JsonNode tenant(Answer answer, Customer customer) {
        for (JsonNode tenant : answer.at("tenants")) {
            if (tenant.path("tenant_id").asText().equals(customer.tenantId())) {
                return tenant;
            }
        }
        throw new AssertionError("nothing would change for " + customer.tenantId() + ": " + answer.raw());
    }
}
