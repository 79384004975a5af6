package dev.parley.policy.credit;

import static dev.parley.policy.PolicyStory.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.PolicyStory;
import dev.parley.policy.PolicyStory.Answer;
import dev.parley.testing.ParleyTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two cycles of a plan in each overage mode: how far it goes beyond the credits, and what the next cycle brings. */
@QuarkusTest
@QuarkusTestResource(ParleyTestResource.class)
class OverageIT {
    @Inject
    PolicyStory story;

    @ParameterizedTest
    @CsvSource({
        "block, 0, credits.balance, 10, 0, 10",
        "charge_up_to_cap, 4, credits.overage-cap, 14, 4, 6",
        "carry_debt_to_next_cycle, 4, credits.overage-cap, 14, 4, 6",
        "carry_debt_to_next_cycle, 15, credits.overage-cap, 25, 15, 0"
    })
    void aCycleEndsAtItsHardCapAndTheNextOnePaysTheDebtFirst(
            String mode, long cap, String rule, int runs, long debt, long next) {
        String overage =
                cap == 0 ? "{\"mode\":\"%s\"}".formatted(mode) : "{\"mode\":\"%s\",\"cap\":%d}".formatted(mode, cap);
        String entitlement = PolicyStory.entitlement(PolicyStory.RATES_MESSAGE, "{}", overage);
        TenantId tenant = PolicyStory.newTenant();
        UUID first = UUID.randomUUID();
        story.subscription(tenant, "subscription-changed", PolicyStory.change(1, "active", entitlement));
        story.subscription(tenant, "credits-granted", PolicyStory.grant(first, 10, null));
        story.awaitEntitlement(tenant, 1, 10);

        assertThat(run(tenant, 40)).isEqualTo(runs);
        Answer end = story.decide(tenant, UUID.randomUUID());
        assertThat(end.text("reason_code")).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(end.text("rule_id")).isEqualTo(rule);
        assertThat(end.number("limit")).isEqualTo(10 + cap);
        assertThat(end.number("used")).isEqualTo(runs);
        assertThat(story.credits(tenant).number("overage")).isEqualTo(debt);

        // The cycle is over: what is left of its lot ends, and the next one is granted.
        story.subscription(tenant, "credits-closed", "{\"lot_id\":\"%s\",\"reason\":\"period\"}".formatted(first));
        story.subscription(tenant, "credits-granted", PolicyStory.grant(UUID.randomUUID(), 10, null));
        story.subscription(tenant, "subscription-changed", PolicyStory.change(2, "active", entitlement));
        story.awaitEntitlement(tenant, 2, next);

        Answer balance = story.credits(tenant);
        assertThat(balance.number("granted")).isEqualTo(10);
        assertThat(balance.number("overage")).isEqualTo(Math.max(0, debt - 10));
        check(tenant);
        assertThat(run(tenant, 40)).isEqualTo((int) (10 - debt + cap));
        assertThat(story.credits(tenant).number("overage")).isEqualTo(cap);
        check(tenant);
    }

    private int run(TenantId tenant, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            UUID operation = UUID.randomUUID();
            Answer answer = story.decide(tenant, operation);
            if (answer.body().path("allow").asBoolean()) {
                allowed++;
                story.settle(
                        tenant,
                        operation,
                        "{\"message\":1}",
                        answer.body().at("/hold/id").asText());
            }
        }
        return allowed;
    }
}
