package dev.parley.billing.revenue;

import dev.parley.billing.money.Money;
import dev.parley.billing.revenue.RevenueReport.AgentMargin;
import dev.parley.billing.revenue.RevenueReport.Margins;
import dev.parley.billing.revenue.RevenueReport.TenantMargin;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Compares what used credits earned with what models cost, in the currency of the costs. Pure. */
final class Margin {
    private static final int MOST_TENANTS = 50;
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    private Margin() {}

    /**
     * What one tenant used of one agent.
     *
     * @param cost in millionths of the minor unit
     * @param price of the plan in minor units, for that many credits; both zero when it is free
     */
    record Usage(
            UUID tenant,
            String agent,
            String plan,
            long credits,
            long cost,
            long price,
            long planCredits,
            String currency) {}

    /** Adds usage up. */
    static Margins of(List<Usage> usage, String currency, Map<String, BigDecimal> exchange) {
        Map<String, Sum> agents = new TreeMap<>();
        Map<UUID, Sum> tenants = new TreeMap<>();
        for (Usage one : usage) {
            BigDecimal earned = earned(one, currency, exchange);
            agents.computeIfAbsent(one.agent(), agent -> new Sum(one)).add(one, earned);
            tenants.computeIfAbsent(one.tenant(), tenant -> new Sum(one)).add(one, earned);
        }
        List<AgentMargin> byAgent = new ArrayList<>();
        agents.forEach((agent, sum) -> byAgent.add(
                new AgentMargin(agent, sum.credits, sum.earned(currency), sum.cost(currency), sum.margin(currency))));
        List<TenantMargin> negative = tenants.values().stream()
                .filter(sum -> sum.margin(currency).amount() < 0)
                .sorted(Comparator.comparingLong(
                        (Sum sum) -> sum.margin(currency).amount()))
                .limit(MOST_TENANTS)
                .map(sum -> new TenantMargin(
                        sum.first.tenant(),
                        sum.first.plan(),
                        sum.credits,
                        sum.earned(currency),
                        sum.cost(currency),
                        sum.margin(currency)))
                .toList();
        return new Margins(true, byAgent, negative);
    }

    /** In minor units of the currency of the costs; nothing for credits of a currency whose rate is not known. */
    private static BigDecimal earned(Usage usage, String currency, Map<String, BigDecimal> exchange) {
        if (usage.planCredits() == 0 || usage.price() == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal own = BigDecimal.valueOf(usage.credits())
                .multiply(BigDecimal.valueOf(usage.price()))
                .divide(BigDecimal.valueOf(usage.planCredits()), 9, RoundingMode.HALF_UP);
        if (usage.currency().equals(currency)) {
            return own;
        }
        BigDecimal rate = exchange.get(usage.currency());
        return rate == null || rate.signum() <= 0 ? BigDecimal.ZERO : own.divide(rate, 9, RoundingMode.HALF_UP);
    }

    private static final class Sum {
        private final Usage first;
        private long credits;
        private BigDecimal earned = BigDecimal.ZERO;
        private BigDecimal cost = BigDecimal.ZERO;

        Sum(Usage first) {
            this.first = first;
        }

        void add(Usage usage, BigDecimal worth) {
            credits += usage.credits();
            earned = earned.add(worth);
            cost = cost.add(BigDecimal.valueOf(usage.cost()).divide(MILLION, 6, RoundingMode.UNNECESSARY));
        }

        Money earned(String currency) {
            return money(earned, currency);
        }

        Money cost(String currency) {
            return money(cost, currency);
        }

        Money margin(String currency) {
            return money(earned.subtract(cost), currency);
        }

        private static Money money(BigDecimal minor, String currency) {
            return new Money(minor.setScale(0, RoundingMode.HALF_UP).longValueExact(), currency);
        }
    }
}
