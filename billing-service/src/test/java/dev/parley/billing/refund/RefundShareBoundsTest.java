package dev.parley.billing.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefundShareBoundsTest {
    @ParameterizedTest
    @CsvSource({"-1, 5, 1", "10, 0, 0", "10, -5, -6", "10, 5, -1", "10, 5, 6"})
    void whatCannotBeIsRefused(long paid, long credits, long unspent) {
        assertThatThrownBy(() -> RefundShare.of(paid, credits, unspent)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCostNothingGivesNothingBack() {
        assertThat(RefundShare.of(0, 5, 5)).isZero();
    }
}
