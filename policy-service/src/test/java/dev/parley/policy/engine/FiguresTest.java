package dev.parley.policy.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        // granted, available, held, used, remaining, overage
        "100, 70, 20, 30, 50, 0",
        "100, 20, 70, 80, 0, 0",
        "100, 0, 0, 100, 0, 0",
        "100, -30, 5, 130, 0, 30"
    })
    void aStandingSaysWhatIsUsedLeftAndOwed(
            long granted, long available, long held, long used, long remaining, long overage) {
        Standing standing = new Standing(granted, available, held, Map.of());

        assertThat(standing.used()).isEqualTo(used);
        assertThat(standing.remaining()).isEqualTo(remaining);
        assertThat(standing.overage()).isEqualTo(overage);
    }

    @Test
    void anOverageNeedsAModeThatAllowsIt() {
        assertThatThrownBy(() -> new Overage(Overage.Mode.BLOCK, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Overage(Overage.Mode.CHARGE_UP_TO_CAP, -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Overage(Overage.Mode.CHARGE_UP_TO_CAP, 1).cap()).isEqualTo(1);
        assertThat(new Overage(Overage.Mode.CARRY_DEBT_TO_NEXT_CYCLE, 0).cap()).isZero();
        assertThat(new Overage(Overage.Mode.BLOCK, 0)).isEqualTo(Overage.NONE);
    }
}
