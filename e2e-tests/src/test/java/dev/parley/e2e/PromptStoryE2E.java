package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Api.Answer;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A prompt is released like a deployment: tried, released, compared, taken back; and set by a tenant to its liking. */
@Order(42)
class PromptStoryE2E {
    private final Api admin = Api.platformAdmin();
    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String slug = "prompt-" + mark;
    private final String agent = admin.post("/api/v1/admin/agents", Map.of("slug", slug, "name", "Prompted"))
            .expect(201)
            .text("id");
    private final String path = "/api/v1/admin/agents/" + agent;

    @AfterEach
    void heal() {
        Simulators.api().delete("/_control/llm/replies");
    }

    @Test
    void aVersionMustPassItsGoldenConversationsAndABadOneTakesItselfOffDuty() {
        // Given a model that keeps the rule only when the prompt says it
        Simulators.api()
                .put(
                        "/_control/llm/replies",
                        List.of(Map.of("match", "rule-" + mark, "text", "Refunds within 14 days.")));
        draft("You are kind. rule-" + mark);
        activate(1).expect(200);
        admin.post(
                        path + "/golden-conversations",
                        Map.of(
                                "name",
                                "refunds",
                                "turns",
                                List.of(Map.of(
                                        "user",
                                        "Can I have my money back?",
                                        "expect",
                                        List.of(Map.of("kind", "regex", "value", "\\b14 days\\b"))))))
                .expect(201);

        // When / Then a version that forgot the rule is refused, tried in vain, mended, and released
        int second = draft("You are kind and short.");
        assertThat(activate(second).expect(409).text("code")).isEqualTo("GOLDEN_NOT_PASSED");
        assertThat(trial(second).at("/result/conversations/0/passed").asBoolean())
                .isFalse();
        assertThat(activate(second).expect(409).text("code")).isEqualTo("GOLDEN_NOT_PASSED");
        admin.put(path + "/prompt-versions/" + second, prompt("You are kind and short. rule-" + mark))
                .expect(200);
        assertThat(trial(second).path("status").asText()).isEqualTo("passed");
        activate(second).expect(200);

        // customers meet it, and it is taken back in one call
        String plan = "plan-" + slug;
        Plans.create(admin, plan, 500, 1, List.of(slug));
        Customer customer = Customer.signUp().subscribe(plan);
        Eventually.passes(
                Duration.ofSeconds(5), () -> assertThat(versionFor(customer)).isEqualTo(second));
        assertThat(admin.post(path + "/rollback").expect(200).at("/number").asInt())
                .isEqualTo(1);
        Eventually.passes(
                Duration.ofSeconds(5), () -> assertThat(versionFor(customer)).isEqualTo(1));

        // an experiment with a version that says far too much ends by itself
        Simulators.api()
                .put(
                        "/_control/llm/replies",
                        List.of(
                                Map.of(
                                        "match",
                                        "wordy-" + mark,
                                        "text",
                                        "Refunds within 14 days. " + "And so on and on. ".repeat(200)),
                                Map.of("match", "rule-" + mark, "text", "Refunds within 14 days.")));
        int bad = draft("You are wordy-" + mark + ". rule-" + mark);
        assertThat(trial(bad).path("status").asText()).isEqualTo("passed");
        String experiment = admin.post(
                        path + "/experiments",
                        Map.of(
                                "name",
                                "bold",
                                "arms",
                                List.of(Map.of("number", 1, "weight", 1), Map.of("number", bad, "weight", 1)),
                                "guards",
                                List.of(Map.of("metric", "tokens_per_reply", "max_worse", 1)),
                                "minimum_sample",
                                10))
                .expect(201)
                .text("id");
        Eventually.passes(Duration.ofSeconds(120), () -> {
            customer.say(customer.conversation(slug), "hello");
            assertThat(admin.get(path + "/experiments/" + experiment)
                            .expect(200)
                            .text("status"))
                    .isEqualTo("broken");
        });
        Eventually.passes(Duration.ofSeconds(15), () -> {
            for (int i = 0; i < 4; i++) {
                assertThat(versionFor(customer)).isEqualTo(1);
            }
        });
        JsonNode arms =
                admin.get(path + "/experiments/" + experiment).expect(200).at("/arms");
        assertThat(arms.at("/1/figures/counted/replies").asInt()).isGreaterThanOrEqualTo(10);
        assertThat(arms.at("/1/figures/tokens_per_reply").asDouble())
                .isGreaterThan(2 * arms.at("/0/figures/tokens_per_reply").asDouble());
    }

    @Test
    void aTenantTellsItsAgentWhoItIs() {
        // Given
        admin.post(
                        path + "/prompt-versions",
                        Map.of(
                                "system_prompt",
                                "You are {{persona}}.",
                                "provider",
                                "default",
                                "variables",
                                Map.of("persona", "nobody")))
                .expect(201);
        activate(1).expect(200);
        String plan = "plan-" + slug;
        Plans.create(admin, plan, 50, 1, List.of(slug));
        Customer customer = Customer.signUp().subscribe(plan);
        Simulators.api().put("/_control/llm/replies", List.of(Map.of("match", "Asha-" + mark, "text", "I am Asha.")));

        // When
        Answer set = customer.api()
                .put("/api/v1/agents/" + slug + "/configuration", Map.of("persona", "Asha-" + mark))
                .expect(200);

        // Then
        assertThat(set.at("/accepts/persona").asText()).isEqualTo("nobody");
        assertThat(customer.say(customer.conversation(slug), "Who are you?")
                        .expect(201)
                        .at("/reply/text")
                        .asText())
                .isEqualTo("I am Asha.");

        // and own versions need a plan that has them
        assertThat(customer.api()
                        .post("/api/v1/agents/" + slug + "/prompt-versions", Map.of("system_prompt", "Mine"))
                        .expect(403)
                        .text("code"))
                .isEqualTo("FEATURE_NOT_IN_PLAN");
    }

    private static Map<String, Object> prompt(String text) {
        return Map.of("system_prompt", text, "provider", "default");
    }

    private int draft(String text) {
        return admin.post(path + "/prompt-versions", prompt(text))
                .expect(201)
                .at("/number")
                .asInt();
    }

    private Answer activate(int number) {
        return admin.post(path + "/prompt-versions/" + number + "/activation");
    }

    private JsonNode trial(int number) {
        String trial = path + "/prompt-versions/" + number + "/trial";
        admin.post(trial).expect(202);
        return Eventually.within(Duration.ofSeconds(15), () -> {
            JsonNode seen = admin.get(trial).expect(200).body();
            assertThat(seen.path("status").asText()).isNotEqualTo("running");
            return seen;
        });
    }

    private int versionFor(Customer customer) {
        return customer.say(customer.conversation(slug), "hello")
                .expect(201)
                .at("/reply/prompt_version")
                .asInt();
    }
}
