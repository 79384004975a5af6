package dev.parley.billing.change;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeKindTimingTest {
    @ParameterizedTest
    @CsvSource({"FREE, true", "CHECKOUT, true", "UPGRADE, true", "DOWNGRADE, false", "END_PAYING, false"})
    void onlyWhatCostsLessWaitsForTheEndOfThePeriod(ChangeKind kind, boolean now) {
        assertThat(kind.isNow()).isEqualTo(now);
    }
}
