package dev.parley.billing.revenue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.billing.money.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MarginTest {
    private static final UUID GOOD = new UUID(0, 1);
    private static final UUID BAD = new UUID(0, 2);
    private static final UUID FREE = new UUID(0, 3);
    private static final UUID ABROAD = new UUID(0, 4);

    @Test
    void creditsAreWorthTheirPlansPriceAndThoseOfFreePlansNothing() {
        RevenueReport.Margins margins = Margin.of(
                List.of(
                        new Margin.Usage(GOOD, "concierge", "starter", 1_000, 40_000_000, 499_900, 49_990, "INR"),
                        new Margin.Usage(BAD, "concierge", "starter", 10, 150_500_000, 499_900, 49_990, "INR"),
                        new Margin.Usage(FREE, "sales", "", 5, 2_400_000, 0, 0, ""),
                        new Margin.Usage(ABROAD, "sales", "pro", 100, 1_000_000, 4_900, 1_000, "USD")),
                "INR",
                Map.of("USD", new BigDecimal("0.012")));

        assertThat(margins.agents())
                .containsExactly(
                        new RevenueReport.AgentMargin(
                                "concierge",
                                1_010,
                                new Money(10_100, "INR"),
                                new Money(191, "INR"),
                                new Money(9_910, "INR")),
                        new RevenueReport.AgentMargin(
                                "sales", 105, new Money(40_833, "INR"), new Money(3, "INR"), new Money(40_830, "INR")));
        assertThat(margins.negative())
                .containsExactly(
                        new RevenueReport.TenantMargin(
                                BAD,
                                "starter",
                                10,
                                new Money(100, "INR"),
                                new Money(151, "INR"),
                                new Money(-51, "INR")),
                        new RevenueReport.TenantMargin(
                                FREE, "", 5, new Money(0, "INR"), new Money(2, "INR"), new Money(-2, "INR")));
        assertThat(margins.estimated()).isTrue();
    }
}
