package dev.parley.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.e2e.support.Api;
import dev.parley.e2e.support.Customer;
import dev.parley.e2e.support.Eventually;
import dev.parley.e2e.support.LiveStream;
import dev.parley.e2e.support.Plans;
import dev.parley.e2e.support.Simulators;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A tenant sees what its agent would say on Telegram, corrects it, and lets it out; nothing goes out by itself. */
@Order(33)
class ReviewStoryE2E {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final String token = Simulators.botToken();

    @Test
    void repliesUnderReviewGoOutWhenPeopleLetThem() {
        Customer customer = Customer.signUp().subscribe(Plans.withCredits(100));
        Api api = customer.api();
        customer.connectBot(token);
        api.put("/api/v1/review-rules/concierge/telegram", Map.of("mode", "review"))
                .expect(200);
        assertThat(api.put("/api/v1/review-rules/concierge/telegram", Map.of("mode", "autopilot"))
                        .expect(409)
                        .text("code"))
                .isEqualTo("AUTOPILOT_NOT_EARNED");
        long grace = ThreadLocalRandom.current().nextLong(1_000_000, 4_000_000);
        long ada = grace + 1;

        try (LiveStream live = new LiveStream(api)) {
            Simulators.writeToBot(token, grace, "Do you deliver to Pune?");
            Eventually.passes(
                    SOON, () -> assertThat(live.of("channel.draft-created.v1")).hasSize(1));
            Simulators.writeToBot(token, ada, "When are you open?");
            Eventually.passes(SOON, () -> assertThat(waiting(api)).hasSize(2));
            JsonNode first = waiting(api).getFirst();
            JsonNode second = waiting(api).getLast();
            assertThat(first.path("question").asText()).isEqualTo("Do you deliver to Pune?");
            assertThat(first.path("text").asText()).isNotBlank();
            assertThat(Simulators.sentByBot(token, grace)).isEmpty();
            Eventually.passes(
                    SOON, () -> assertThat(api.get("/api/v1/credits").at("used").asInt())
                            .as("a draft costs what its run costs")
                            .isEqualTo(2));

            api.patch(draft(first), Map.of("text", "Yes, within two days.")).expect(200);
            api.post(draft(first) + "/approve", Map.of("version", 2)).expect(200);
            api.post(draft(first) + "/approve", Map.of("version", 2)).expect(200);
            api.post(
                            "/api/v1/drafts/decisions",
                            Map.of("ids", List.of(second.path("id").asText()), "decision", "reject"))
                    .expect(200);

            Eventually.passes(SOON, () -> assertThat(Simulators.sentByBot(token, grace))
                    .containsExactly("Yes, within two days."));
            Eventually.passes(
                    SOON, () -> assertThat(live.of("channel.draft-decided.v1")).hasSize(2));
            assertThat(Simulators.sentByBot(token, ada)).isEmpty();
            assertThat(api.get("/api/v1/credits").at("used").asInt()).isEqualTo(2);
            assertThat(waiting(api)).isEmpty();
            Eventually.passes(SOON, () -> assertThat(api.get("/api/v1/audit-log?resource_type=draft")
                            .expect(200)
                            .at("items")
                            .findValuesAsText("action"))
                    .containsExactlyInAnyOrder("draft.edit", "draft.approve", "draft.reject"));
            Eventually.passes(SOON, () -> assertThat(api.get("/api/v1/operations/"
                                    + first.path("operation_id").asText())
                            .expect(200)
                            .at("steps")
                            .findValuesAsText("step"))
                    .contains("drafted", "draft-edited", "draft-approved", "send-sent"));
        }
    }

    private static List<JsonNode> waiting(Api api) {
        List<JsonNode> drafts = new java.util.ArrayList<>();
        api.get("/api/v1/drafts?state=waiting").expect(200).at("items").forEach(drafts::add);
        return drafts;
    }

    private static String draft(JsonNode draft) {
        return "/api/v1/drafts/" + draft.path("id").asText();
    }
}
