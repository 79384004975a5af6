package dev.parley.billing.revenue;

import dev.parley.billing.money.Money;
import dev.parley.billing.time.TimeParameter;
import dev.parley.platform.data.Database;
import jakarta.enterprise.context.ApplicationScoped;
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
    private static final Duration REACH = Duration.ofDays(30);

    private final Database database;
    private final RevenueRepository revenue;
    private final Clock clock;

    RevenueService(Database database, RevenueRepository revenue, Clock clock) {
        this.database = database;
        this.revenue = revenue;
        this.clock = clock;
    }

    /** The report for a time; the last 30 days unless told. */
    RevenueReport report(@Nullable String fromText, @Nullable String toText) {
        Instant to = Objects.requireNonNullElseGet(TimeParameter.read("to", toText), clock::instant);
        Instant from = Objects.requireNonNullElseGet(TimeParameter.read("from", fromText), () -> to.minus(REACH));
        return database.acrossTenants(relay -> {
            List<RevenueReport.PlanRevenue> plans = revenue.runningPlans(relay);
            Map<String, Long> mrr = plans.stream()
                    .map(RevenueReport.PlanRevenue::mrr)
                    .collect(Collectors.groupingBy(
                            Money::currency, TreeMap::new, Collectors.summingLong(Money::amount)));
            return new RevenueReport(
                    from,
                    to,
                    mrr.entrySet().stream()
                            .map(entry -> new Money(entry.getValue(), entry.getKey()))
                            .toList(),
                    plans,
                    revenue.paid(relay, from, to),
                    revenue.trials(relay, from, to),
                    revenue.churned(relay, from, to),
                    revenue.credits(relay, from, to));
        });
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
