package dev.parley.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.policy.entitlement.CompiledTerms;
import dev.parley.policy.rules.RulesParts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class PolicyEngineTest {
    @TestFactory
    Stream<DynamicTest> cases() {
        return PolicyCase.all().stream().map(one -> DynamicTest.dynamicTest(one.name(), () -> check(one)));
    }

    @Test
    void thereAreCasesForEveryReason() {
        List<Object> reasons = PolicyCase.all().stream()
                .map(one -> one.expect().getOrDefault("reason_code", "ALLOWED"))
                .distinct()
                .toList();

        assertThat(PolicyCase.all()).hasSizeGreaterThan(70);
        assertThat(reasons)
                .containsExactlyInAnyOrder(
                        Stream.of(ReasonCode.values()).map(Enum::name).toArray());
    }

    @Test
    void everyDenialSaysWhatToDo() {
        PolicyCase.all().forEach(one -> {
            Verdict verdict = decide(one);

            assertThat(verdict.remedy() == null).as(one.name()).isEqualTo(verdict.allow());
        });
    }

    private Verdict decide(PolicyCase one) {
        PolicyCase.Given given = one.given();
        Terms terms = given.unknown()
                ? Terms.withoutSubscription(0, false)
                : CompiledTerms.of(given.subscription(), given.suspended());
        UUID tenant = given.named() ? PolicyCase.NAMED : UUID.randomUUID();
        return RulesParts.engine(given.rules()).decide(terms, one.ask().by(tenant), given.standing());
    }

    private void check(PolicyCase one) {
        Verdict verdict = decide(one);

        Map<String, Object> actual = new LinkedHashMap<>();
        actual.put("allow", verdict.allow());
        actual.put("status", verdict.reason().status());
        actual.put("reason_code", verdict.reason().name());
        actual.put("rule_id", verdict.ruleId());
        actual.put("remedy", verdict.remedy());
        if (verdict.allow()) {
            Limits limits = verdict.reservation().limits(verdict.heldCredits());
            actual.put("credits", verdict.heldCredits());
            actual.put("max_input_tokens", limits.maxInputTokens());
            actual.put("max_output_tokens", limits.maxOutputTokens());
        } else if (verdict.figures() != null) {
            actual.put("limit", verdict.figures().limit());
            actual.put("used", verdict.figures().used());
            actual.put("held", verdict.figures().held());
            actual.put("remaining", verdict.figures().remaining());
            actual.put("resets_at", verdict.resetsAt());
        }
        actual.put(
                "limits_applied",
                verdict.limits().stream()
                        .map(limit -> PolicyCase.limit(
                                limit.meter(), limit.limit(), limit.used(), limit.held(), limit.remaining()))
                        .toList());
        one.expect().forEach((member, value) -> assertThat(String.valueOf(actual.get(member)))
                .as(member)
                .isEqualTo(String.valueOf(value)));
    }
}
