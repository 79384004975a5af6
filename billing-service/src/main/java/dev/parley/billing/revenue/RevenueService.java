package dev.parley.billing.revenue;

import dev.parley.billing.cost.CostConfig;
import dev.parley.billing.money.Money;
import dev.parley.billing.time.TimeParameter;
import dev.parley.platform.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Aggregates over all tenants. */
@ApplicationScoped
class RevenueService {
    private static final long BASIS_POINTS = 10_000;
    private static final int MILLIONTHS = 6;
    private static final Duration REACH = Duration.ofDays(30);

    private final Database database;
    private final RevenueRepository revenue;
    private final CostConfig costs;
    private final Clock clock;

    RevenueService(Database database, RevenueRepository revenue, CostConfig costs, Clock clock) {
        this.database = database;
        this.revenue = revenue;
        this.costs = costs;
        this.clock = clock;
    }

    /** The report for a time; the last 30 days unless told. */
    RevenueReport report(@Nullable String fromText, @Nullable String toText) {
        Instant to = Objects.requireNonNullElseGet(TimeParameter.read("to", toText), clock::instant);
        Instant from = Objects.requireNonNullElseGet(TimeParameter.read("from", fromText), () -> to.minus(REACH));
        return database.acrossTenants(relay -> {
            List<RevenueReport.PlanRevenue> plans = revenue.plansAt(relay, to);
            List<RevenueRepository.Left> left = revenue.left(relay, from, to);
            long customers =
                    left.stream().mapToLong(RevenueRepository.Left::customers).sum();
            long lost = left.stream().mapToLong(RevenueRepository.Left::lost).sum();
            List<Money> lostMrr = left.stream()
                    .map(RevenueRepository.Left::mrr)
                    .filter(money -> !money.isZero())
                    .toList();
            return new RevenueReport(
                    from,
                    to,
                    sum(plans),
                    sum(revenue.plansAt(relay, from)),
                    plans,
                    revenue.paid(relay, from, to),
                    revenue.overage(relay, from, to),
                    revenue.trials(relay, from, to),
                    revenue.churned(relay, from, to),
                    new RevenueReport.Churn(customers, lost, rate(lost, customers), lostMrr),
                    revenue.credits(relay, from, to),
                    cost(revenue.models(relay, from, to)),
                    Margin.of(revenue.usage(relay, from, to), costs.currency(), costs.exchange()));
        });
    }

    /** A part of a whole in basis points; nothing of nothing is zero. */
    static long rate(long part, long whole) {
        return whole == 0 ? 0 : (part * 2 * BASIS_POINTS + whole) / (2 * whole);
    }

    private static List<Money> sum(List<RevenueReport.PlanRevenue> plans) {
        Map<String, Long> sums = plans.stream()
                .map(RevenueReport.PlanRevenue::mrr)
                .collect(Collectors.groupingBy(Money::currency, TreeMap::new, Collectors.summingLong(Money::amount)));
        return sums.entrySet().stream()
                .map(entry -> new Money(entry.getValue(), entry.getKey()))
                .toList();
    }

    private RevenueReport.Cost cost(List<RevenueRepository.ModelSum> models) {
        BigDecimal total = models.stream()
                .map(RevenueRepository.ModelSum::cost)
                .filter(Objects::nonNull)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return new RevenueReport.Cost(
                money(total),
                models.stream().mapToLong(RevenueRepository.ModelSum::runs).sum(),
                models.stream().mapToLong(RevenueRepository.ModelSum::estimated).sum(),
                models.stream().mapToLong(RevenueRepository.ModelSum::unpriced).sum(),
                models.stream()
                        .map(one -> new RevenueReport.ModelCost(
                                one.provider(),
                                one.model(),
                                one.runs(),
                                one.inputTokens(),
                                one.outputTokens(),
                                one.estimated(),
                                one.cost() == null ? null : money(one.cost())))
                        .toList());
    }

    /** Millionths of the minor unit, rounded. */
    private Money money(BigDecimal millionths) {
        return new Money(
                millionths
                        .movePointLeft(MILLIONTHS)
                        .setScale(0, RoundingMode.HALF_UP)
                        .longValueExact(),
                costs.currency());
    }

    Overview overview() {
        Instant from = clock.instant().minus(REACH);
        return database.acrossTenants(relay -> {
            Map<String, Long> byStatus = revenue.byStatus(relay);
            return new Overview(
                    byStatus.values().stream().mapToLong(Long::longValue).sum(),
                    byStatus,
                    revenue.byPlan(relay),
                    revenue.usageByAgent(relay, from),
                    revenue.unansweredCheckouts(relay),
                    revenue.webhooks(relay));
        });
    }
}
