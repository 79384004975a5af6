package dev.parley.auth.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import dev.parley.platform.problem.Problem;
import org.junit.jupiter.api.Test;

class PolicyDecisionTest {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    private static PolicyDecision read(String json) throws JsonProcessingException {
        return JSON.readValue(json, PolicyDecision.class);
    }

    @Test
    void theLimitIsThatOfTheMeterAndNoneMeansNone() throws JsonProcessingException {
        PolicyDecision decision = read("""
                {"decision_id":"d","allow":true,"status":200,"limits_applied":[{"meter":"credits","limit":7,"used":1},\
                {"meter":"seats","limit":3,"used":2}],"rules_version":4}""");

        assertThat(decision.limitOf("seats")).isEqualTo(3);
        assertThat(decision.limitOf("keys")).isNull();
    }

    @Test
    void anAnswerWithoutLimitsIsNoAnswer() {
        assertThatThrownBy(() -> read("{\"decision_id\":\"d\",\"allow\":true,\"status\":200}"))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aDenialIsTheProblemThatPolicySays() throws JsonProcessingException {
        Problem problem = read("""
                        {"decision_id":"d","allow":false,"status":403,"reason_code":"TENANT_SUSPENDED","remedy":"Contact us.",\
                        "limits_applied":[]}""").denial();

        assertThat(problem.type().name()).isEqualTo("TENANT_SUSPENDED");
        assertThat(problem.type().status()).isEqualTo(403);
        assertThat(problem.detail()).isEqualTo("Your plan does not allow this. Contact us.");
    }
}
