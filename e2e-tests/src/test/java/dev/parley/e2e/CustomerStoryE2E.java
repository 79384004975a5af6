package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import dev.parley.e2e.support.Stack;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A customer signs up, talks, pays, talks to every agent, and runs out of credits. */
@Order(10)
class CustomerStoryE2E {
    @Test
    void signsUpAndIsInTrialAtOnce() {
        Customer customer = Customer.signUp();

        Answer me = customer.api().get("/api/v1/me").expect(200);
        assertThat(me.text("email")).isEqualTo(customer.email());
        assertThat(me.text("tenant_id")).isEqualTo(customer.tenantId());
        assertThat(me.text("role")).isEqualTo("owner");
        assertThat(me.at("platform_admin").asBoolean()).isFalse();
        assertThat(me.at("/memberships/0/name").asText()).isEqualTo("Analytical Engines");

        Answer subscription = customer.api().get("/api/v1/subscription").expect(200);
        assertThat(subscription.text("plan")).isEqualTo("free");
        assertThat(subscription.text("status")).isEqualTo("trial");

        Answer credits = customer.api().get("/api/v1/credits").expect(200);
        assertThat(credits.at("granted").asInt()).isEqualTo(1_000);
        assertThat(credits.at("used").asInt()).isZero();
        assertThat(credits.at("remaining").asInt()).isEqualTo(1_000);
    }

    @Test
    void seesWhichAgentsAreAllowedAndWhyOthersAreNot() {
        Customer customer = Customer.signUp();

        JsonNode agents = customer.api().get("/api/v1/agents").expect(200).at("items");

        JsonNode concierge = agent(agents, "concierge");
        assertThat(concierge.path("allowed").asBoolean()).isTrue();
        JsonNode sales = agent(agents, "sales");
        assertThat(sales.path("allowed").asBoolean()).isFalse();
        assertThat(sales.path("reason_code").asText()).isEqualTo("AGENT_NOT_IN_PLAN");
    }

    @Test
    void talksAndSeesWhatItCost() {
        Customer customer = Customer.signUp();
        String conversation = customer.conversation("concierge");

        Answer said =
                customer.say(conversation, "When are you open on Saturday?").expect(201);

        assertThat(said.text("/message/text")).isEqualTo("When are you open on Saturday?");
        assertThat(said.text("/reply/text")).isNotBlank();
        assertThat(said.text("/reply/finish_reason")).isEqualTo("stop");
        assertThat(said.at("/reply/prompt_version").asInt()).isEqualTo(1);
        int credits = said.at("/usage/credits").asInt();
        assertThat(credits).isPositive();
        assertThat(said.at("/usage/input_tokens").asInt()).isPositive();
        assertThat(said.at("/usage/output_tokens").asInt()).isPositive();

        Answer balance = customer.api().get("/api/v1/credits").expect(200);
        assertThat(balance.at("used").asInt()).isEqualTo(credits);
        assertThat(balance.at("held").asInt()).isZero();
        assertThat(balance.at("remaining").asInt()).isEqualTo(1_000 - credits);

        Eventually.passes(Duration.ofSeconds(5), () -> {
            JsonNode usage = customer.api().get("/api/v1/usage").expect(200).at("items");
            int sum = 0;
            for (JsonNode line : usage) {
                assertThat(line.path("operation_id").asText()).isEqualTo(said.text("operation_id"));
                assertThat(line.path("agent").asText()).isEqualTo("concierge");
                assertThat(line.path("channel").asText()).isEqualTo("web");
                sum += line.path("credits").asInt();
            }
            assertThat(sum).isEqualTo(credits);
        });

        Answer messages = customer.api()
                .get("/api/v1/conversations/" + conversation + "/messages")
                .expect(200);
        assertThat(messages.at("items")).hasSize(2);

        Eventually.passes(Duration.ofSeconds(5), () -> {
            Answer trace = customer.api()
                    .get("/api/v1/operations/" + said.text("operation_id"))
                    .expect(200);
            List<String> services = trace.at("steps").findValuesAsText("service");
            assertThat(services).contains("channel-service", "policy-service", "agent-service", "billing-service");
        });
    }

    @Test
    void aReplyCanBeStreamed() {
        Customer customer = Customer.signUp();
        String conversation = customer.conversation("concierge");

        Answer stream = customer.api()
                .with("Accept", "text/event-stream")
                .post("/api/v1/conversations/" + conversation + "/messages", Map.of("text", "Tell me a story"))
                .expect(200);

        List<String> events =
                stream.raw().lines().filter(line -> line.startsWith("event:")).toList();
        assertThat(events.stream().filter(line -> line.contains("delta")).count())
                .isGreaterThan(1);
        assertThat(events.getLast()).contains("message");
    }

    @Test
    void sendingTheSameMessageAgainIsChargedOnce() {
        Customer customer = Customer.signUp();
        String conversation = customer.conversation("concierge");
        Map<String, Object> message = Map.of("text", "Hello", "client_message_id", "m-1");
        String path = "/api/v1/conversations/" + conversation + "/messages";

        Answer first = customer.api().post(path, message).expect(201);
        Answer again = customer.api().post(path, message);

        assertThat(again.status()).isIn(200, 201);
        assertThat(again.text("/reply/id")).isEqualTo(first.text("/reply/id"));
        assertThat(customer.api().get("/api/v1/credits").at("used").asInt())
                .isEqualTo(first.at("/usage/credits").asInt());
    }

    @Test
    void paysOnTheProvidersPageAndMayTalkToEveryAgent() {
        Customer customer = Customer.signUp();
        customer.api().post("/api/v1/conversations", Map.of("agent", "sales")).expect(403);

        Answer checkout = customer.api()
                .post(
                        "/api/v1/checkout",
                        Map.of(
                                "plan",
                                "starter",
                                "provider",
                                "stripe",
                                "success_url",
                                Stack.running().publicUrl() + "/console/?paid=1",
                                "cancel_url",
                                Stack.running().publicUrl() + "/console/?paid=0"))
                .expect(201);
        assertThat(checkout.text("provider")).isEqualTo("stripe");
        Simulators.payOnPage(checkout.text("url"));

        Eventually.passes(Duration.ofSeconds(10), () -> {
            Answer subscription = customer.api().get("/api/v1/subscription").expect(200);
            assertThat(subscription.text("plan")).isEqualTo("starter");
            assertThat(subscription.text("status")).isEqualTo("active");
            assertThat(subscription.text("provider")).isEqualTo("stripe");
        });
        Eventually.passes(Duration.ofSeconds(10), () -> assertThat(
                        customer.api().get("/api/v1/credits").at("granted").asInt())
                .isEqualTo(49_990));
        for (String agent : List.of("concierge", "support", "sales")) {
            customer.say(customer.conversation(agent), "Hello").expect(201);
        }
    }

    @Test
    void withoutCreditsTheAnswerIs402WithReasonAndRemedy() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(2));
        String conversation = customer.conversation("support");
        customer.say(conversation, "one").expect(201);
        customer.say(conversation, "two").expect(201);

        Answer refused = customer.say(conversation, "three").expect(402);

        assertThat(refused.text("type")).isEqualTo("https://parley.dev/problems/credits-exhausted");
        assertThat(refused.text("code")).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(refused.text("/policy/reason_code")).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(refused.at("/policy/limit").asInt()).isEqualTo(2);
        assertThat(refused.at("/policy/used").asInt()).isEqualTo(2);
        assertThat(refused.at("/policy/remaining").asInt()).isZero();
        assertThat(refused.text("/policy/remedy")).isNotBlank();
        assertThat(refused.text("/policy/resets_at")).isNotBlank();
        assertThat(refused.text("/policy/rule_id")).isNotBlank();
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
    }

    private static JsonNode agent(JsonNode agents, String slug) {
        for (JsonNode agent : agents) {
            if (agent.path("slug").asText().equals(slug)) {
                return agent;
            }
        }
        throw new AssertionError("no agent " + slug + " in " + agents);
    }
}
