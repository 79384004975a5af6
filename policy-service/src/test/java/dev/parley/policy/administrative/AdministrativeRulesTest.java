package dev.parley.policy.administrative;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdministrativeRulesTest {
    private final AdministrativeRules rules = new AdministrativeRules(100, 1_000);

    @ParameterizedTest
    @CsvSource({
        "0, true, false, administrative.one-admin",
        "100, true, false, administrative.one-admin",
        "101, true, true, administrative.four-eyes",
        "1000, true, true, administrative.four-eyes",
        "1001, false, false, administrative.maximum",
        "9223372036854775807, false, false, administrative.maximum",
    })
    void theThresholdsThemselvesBelongToTheLowerSide(long credits, boolean allow, boolean approval, String rule) {
        AdministrativeRules.Verdict verdict = rules.judge(credits);

        assertThat(verdict.allow()).isEqualTo(allow);
        assertThat(verdict.approvalRequired()).isEqualTo(approval);
        assertThat(verdict.ruleId()).isEqualTo(rule);
        assertThat(verdict.remedy() == null).isEqualTo(rule.endsWith("one-admin"));
    }
}
