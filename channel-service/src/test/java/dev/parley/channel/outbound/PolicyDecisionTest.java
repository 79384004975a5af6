package dev.parley.channel.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.parley.platform.problem.Problem;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyDecisionTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void aDenialCarriesReasonFiguresAndRemedy() {
        Problem problem = denied(402, "CREDITS_EXHAUSTED").denial(NOW);

        assertThat(problem.type().status()).isEqualTo(402);
        assertThat(problem.type().name()).isEqualTo("CREDITS_EXHAUSTED");
        assertThat(problem.type().type()).hasToString("https://parley.dev/problems/credits-exhausted");
        assertThat(problem.detail()).isEqualTo("The credits or the quota are used up. Buy some.");
        @SuppressWarnings("unchecked")
        Map<String, Object> policy = (Map<String, Object>) problem.members().get("policy");
        assertThat(policy)
                .containsKeys(
                        "decision_id",
                        "reason_code",
                        "rule_id",
                        "limit",
                        "used",
                        "held",
                        "remaining",
                        "resets_at",
                        "remedy")
                .containsEntry("limit", 1000L)
                .containsEntry("resets_at", NOW.plusSeconds(90));
        assertThat(problem.headers()).isEmpty();
    }

    @Test
    void aRateLimitSaysWhenToComeBack() {
        assertThat(denied(429, "RATE").denial(NOW).headers()).containsEntry("Retry-After", "91");
    }

    @Test
    void onlyWhatThePlanLacksForbids() {
        assertThat(denied(403, "AGENT_NOT_IN_PLAN").forbids()).isTrue();
        assertThat(denied(402, "CREDITS_EXHAUSTED").forbids()).isFalse();
        assertThat(denied(null, null).forbids()).isTrue();
    }

    private static PolicyDecision denied(Integer status, String reason) {
        return new PolicyDecision(
                "d",
                false,
                status,
                reason,
                "r",
                null,
                null,
                1000L,
                990L,
                10L,
                0L,
                NOW.plusSeconds(90),
                new TextNode("Buy some."));
    }
}
