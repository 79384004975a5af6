package dev.parley.billing.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.billing.money.Money;
import dev.parley.platform.problem.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanRulesTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    private static final String STARTER = """
            {"code":"starter","name":"Starter","price":{"amount":499900,"currency":"INR"},"interval":"month",
             "credits":49990,"rates":{"message":{"credits":1,"per":1},"llm.input_tokens":{"credits":1,"per":1000}},
             "agent_rates":{"sales":{"message":{"credits":5,"per":1}}},"features":["insight_engine"],
             "agents":["concierge","sales"],"channels":["web","api"],"quotas":{"tasks":10},
             "overage":{"mode":"charge_up_to_cap","cap":500},"trial_days":0}
            """;

    @Test
    void aWellFormedRequestBecomesAPlan() throws Exception {
        Plan plan = PlanRules.check(JSON.readValue(STARTER, PlanRequest.class));

        assertThat(plan)
                .isEqualTo(new Plan(
                        "starter",
                        0,
                        "Starter",
                        new Money(499_900, "INR"),
                        BillingInterval.MONTH,
                        49_990,
                        Map.of("message", new Rate(1, 1), "llm.input_tokens", new Rate(1, 1000)),
                        Map.of("sales", Map.of("message", new Rate(5, 1))),
                        List.of("concierge", "sales"),
                        List.of("web", "api"),
                        List.of("insight_engine"),
                        Map.of("tasks", 10L),
                        new Overage(OverageMode.CHARGE_UP_TO_CAP, 500L),
                        0));
    }

    @ParameterizedTest
    @CsvSource({"499900, 49990", "499901, 49990", "499899, 49989", "249950, 24995", "9, 0", "10, 1", "0, 0"})
    void aPaymentBringsItsShareOfTheCreditsAndNoMoreThanAll(long paid, long credits) throws Exception {
        Plan plan = PlanRules.check(JSON.readValue(STARTER, PlanRequest.class));

        assertThat(plan.creditsFor(paid)).isEqualTo(credits);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/credits            | -1",
                "/credits            | 99999999999999999999999999",
                "/credits            | 1.5",
                "/credits            | null",
                "/price              | null",
                "/price/amount       | -499900",
                "/price/amount       | 1e30",
                "/price/currency     | \"inr\"",
                "/price/currency     | \"ZZZ\"",
                "/interval           | \"week\"",
                "/overage/mode       | \"forgive\"",
                "/overage/cap        | -1",
                "/overage/price_per_1000 | 0",
                "/overage/price_per_1000 | 1.5",
                "/overage/cap        | 999999999999",
                "/agents             | null",
                "/agents/1           | \"Not A Slug\"",
                "/agents/0           | null",
                "/channels/0         | \"Web!\"",
                "/rates/message      | null",
                "/rates/message/per  | 0",
                "/rates/message/credits | -3",
                "/agent_rates/sales   | null",
                "/agent_rates/Sales!  | {}",
                "/agent_rates/sales/message | null",
                "/agent_rates/sales/message/credits | -1",
                "/agent_rates/sales/message/per | 0",
                "/agent_rates/sales/message/credits | 99999999999",
                "/features/0         | \"Not A Feature\"",
                "/features/0         | null",
                "/quotas/tasks       | -1",
                "/trial_days         | 400",
                "/code               | \"Not a code\"",
                "/name               | \"\"",
            })
    void aWrongFieldIsNamed(String pointer, String value) throws Exception {
        ObjectNode request = (ObjectNode) JSON.readTree(STARTER);
        int slash = pointer.lastIndexOf('/');
        var parent = request.at(pointer.substring(0, slash));
        if (parent instanceof ObjectNode object) {
            object.set(pointer.substring(slash + 1), JSON.readTree(value));
        } else {
            ((com.fasterxml.jackson.databind.node.ArrayNode) parent)
                    .set(Integer.parseInt(pointer.substring(slash + 1)), JSON.readTree(value));
        }
        PlanRequest wrong = JSON.treeToValue(request, PlanRequest.class);

        Problem problem = catchThrowableOfType(Problem.class, () -> PlanRules.check(wrong));

        assertThat(problem.type().status()).isEqualTo(422);
        assertThat((List<?>) problem.members().get("errors"))
                .singleElement()
                .extracting("pointer")
                .isEqualTo(pointer);
    }

    @Test
    void overageOfAFreePlanNeedsAPriceOfItsOwn() throws Exception {
        String free = STARTER.replace("\"amount\":499900", "\"amount\":0");
        PlanRequest without = JSON.readValue(free, PlanRequest.class);
        PlanRequest with =
                JSON.readValue(free.replace("\"cap\":500", "\"cap\":500,\"price_per_1000\":900"), PlanRequest.class);
        PlanRequest notCharged = JSON.readValue(
                STARTER.replace("charge_up_to_cap", "carry_debt_to_next_cycle")
                        .replace("\"cap\":500", "\"cap\":500,\"price_per_1000\":900"),
                PlanRequest.class);

        for (PlanRequest wrong : List.of(without, notCharged)) {
            Problem problem = catchThrowableOfType(Problem.class, () -> PlanRules.check(wrong));
            assertThat((List<?>) problem.members().get("errors"))
                    .singleElement()
                    .extracting("pointer")
                    .isEqualTo("/overage/price_per_1000");
        }
        assertThat(PlanRules.check(with).overage()).isEqualTo(new Overage(OverageMode.CHARGE_UP_TO_CAP, 500L, 900L));
    }

    @Test
    void withoutACapThePlansCreditsAreTheCap() throws Exception {
        PlanRequest request = JSON.readValue(STARTER.replace(",\"cap\":500", ""), PlanRequest.class);

        assertThat(PlanRules.check(request).overage()).isEqualTo(new Overage(OverageMode.CHARGE_UP_TO_CAP, 49_990L));
    }
}
