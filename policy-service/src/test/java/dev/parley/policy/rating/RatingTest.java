package dev.parley.policy.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatingTest {
    private static final int ROUNDS = 100_000;
    private final Random random = new Random(20261121);

    @ParameterizedTest
    @CsvSource({
        "1, 1000, 0, 0",
        "1, 1000, 1, 1",
        "1, 1000, 1000, 1",
        "1, 1000, 1001, 2",
        "3, 1000, 1024, 4",
        "3, 1000, 333, 1",
        "3, 1000, 334, 2",
        "0, 1, 999, 0",
        "1000000, 1, 1000000000000, 1000000000000000000"
    })
    void eachMeterIsRoundedUp(long credits, long per, long quantity, long expected) {
        assertThat(Rating.credits(new Rate(credits, per), quantity)).isEqualTo(expected);
    }

    @Test
    void agreesWithArithmeticOfAnySize() {
        for (int i = 0; i < ROUNDS; i++) {
            Rate rate = anyRate();
            long quantity = anyQuantity();
            BigInteger[] exact = BigInteger.valueOf(quantity)
                    .multiply(BigInteger.valueOf(rate.credits()))
                    .divideAndRemainder(BigInteger.valueOf(rate.per()));
            long expected = exact[0].longValueExact() + exact[1].signum();

            assertThat(Rating.credits(rate, quantity))
                    .as("%s x %s", quantity, rate)
                    .isEqualTo(expected);
        }
    }

    @Test
    void affordableIsTheLargestQuantityWithinTheBudget() {
        for (int i = 0; i < ROUNDS; i++) {
            Rate rate = anyRate();
            long budget = random.nextLong(-2, 1L << (1 + random.nextInt(61)));
            long quantity = Rating.affordable(rate, budget);

            if (quantity > 0) {
                assertThat(Rating.credits(rate, quantity)).isLessThanOrEqualTo(Math.max(0, budget));
            }
            if (quantity < Rating.MOST_UNITS) {
                assertThat(Rating.credits(rate, quantity + 1)).isGreaterThan(Math.max(0, budget));
            }
        }
    }

    @Test
    void splittingUsageNeverMakesItCheaper() {
        for (int i = 0; i < ROUNDS; i++) {
            Rate rate = anyRate();
            long a = anyQuantity() / 2;
            long b = anyQuantity() / 2;

            assertThat(Rating.credits(rate, a) + Rating.credits(rate, b))
                    .isGreaterThanOrEqualTo(Rating.credits(rate, a + b));
        }
    }

    @Test
    void limitedLinesCostExactlyWhatWasCharged() {
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, Rate> rates = new HashMap<>();
            Map<String, Long> quantities = new HashMap<>();
            for (int meter = 0; meter < 4; meter++) {
                rates.put("m" + meter, new Rate(random.nextLong(5), 1 + random.nextLong(1000)));
                quantities.put("m" + meter, random.nextLong(5000));
            }
            List<RatedLine> lines = Rating.rate(rates, quantities);
            long charged = random.nextLong(Rating.total(lines) + 1);

            List<RatedLine> limited = Rating.limitTo(lines, charged);

            assertThat(Rating.total(limited)).isEqualTo(charged);
            assertThat(limited).allMatch(line -> line.credits() >= 0);
            assertThat(limited.stream().map(RatedLine::quantity))
                    .isEqualTo(lines.stream().map(RatedLine::quantity).toList());
        }
    }

    @Test
    void meterWithoutRateCostsNothingButIsListed() {
        assertThat(Rating.rate(Map.of("message", new Rate(1, 1)), Map.of("message", 1L, "post", 3L, "lead", 0L)))
                .containsExactly(new RatedLine("message", 1, 1), new RatedLine("post", 3, 0));
    }

    @Test
    void quantitiesOutOfRangeAreRefused() {
        Rate rate = new Rate(1, 1);

        assertThatThrownBy(() -> Rating.credits(rate, -1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Rating.credits(rate, Rating.MOST_UNITS + 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAgentsOwnPriceWinsAndThePlansFillsTheRest() {
        List<String> meters = List.of("message", "lead", "tasks", "llm.input_tokens", "llm.output_tokens");
        for (int i = 0; i < ROUNDS / 10; i++) {
            Map<String, Rate> own = anyRates(meters);
            Map<String, Rate> common = anyRates(meters);

            Map<String, Rate> rates = Rating.preferring(own, common);

            for (String meter : meters) {
                assertThat(rates.get(meter)).isEqualTo(own.containsKey(meter) ? own.get(meter) : common.get(meter));
            }
            assertThat(meters).containsAll(rates.keySet());
            assertThat(Rating.preferring(rates, common)).isEqualTo(rates);
        }
    }

    private Map<String, Rate> anyRates(List<String> meters) {
        Map<String, Rate> rates = new HashMap<>();
        meters.stream().filter(meter -> random.nextBoolean()).forEach(meter -> rates.put(meter, anyRate()));
        return rates;
    }

    private Rate anyRate() {
        return new Rate(random.nextLong(1 + (1L << random.nextInt(19))), 1 + random.nextLong(1L << random.nextInt(40)));
    }

    private long anyQuantity() {
        return random.nextLong(1 + (1L << random.nextInt(39)));
    }
}
