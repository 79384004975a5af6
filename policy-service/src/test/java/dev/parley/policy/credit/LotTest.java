package dev.parley.policy.credit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LotTest {
    @ParameterizedTest
    @CsvSource({
        "0, 10, 20, 5",
        "4, 6, 20, 5",
        "10, 0, 20, 5",
        "11, 0, 19, 5",
        "30, 0, 0, 5",
        "34, 0, 0, 1",
        "99, 0, 0, 0"
    })
    void creditsAreTakenFromTheLotThatEndsFirst(long drawn, long first, long second, long third) {
        List<Lot> lots = List.of(lot(10), lot(20), lot(5));

        assertThat(Lot.drained(lots, drawn)).extracting(Lot::remaining).containsExactly(first, second, third);
    }

    private static Lot lot(long remaining) {
        return new Lot(UUID.randomUUID(), "plan", 100, remaining, null);
    }
}
