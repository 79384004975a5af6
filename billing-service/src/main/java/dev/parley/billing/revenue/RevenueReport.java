package dev.parley.billing.revenue;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the platform earns. Money is per currency; nothing is converted but for margins.
 *
 * @param mrr monthly recurring revenue of the paid subscriptions that ran at {@code to}; a year counts a twelfth
 * @param mrrBefore the same at {@code from}
 * @param paid invoices paid between from and to
 * @param overage what of it was used beyond credits
 * @param trials trials begun between from and to, and how many of them paid by {@code to}
 * @param churned subscriptions that ended between from and to after having been active
 * @param churn of those that paid at {@code from}, how many paid no more at {@code to}
 * @param credits moved in the ledger between from and to, by kind: grant, usage, expiry, refund, payment-refund, correction, repair
 * @param cost what models cost between from and to
 * @param margins by agent and by tenant
 */
record RevenueReport(
        Instant from,
        Instant to,
        List<Money> mrr,
        List<Money> mrrBefore,
        List<PlanRevenue> plans,
        List<Paid> paid,
        List<OverageRevenue> overage,
        Trials trials,
        long churned,
        Churn churn,
        Map<String, Long> credits,
        Cost cost,
        Margins margins) {

    record PlanRevenue(String plan, int planVersion, long subscriptions, Money mrr) {}

    record Paid(Money total, long invoices) {}

    record OverageRevenue(Money total, long charges, long credits) {}

    /**
     * How trials went.
     *
     * @param rate converted of started, in basis points
     */
    record Trials(long started, long converted, long rate) {}

    /**
     * Who left.
     *
     * @param rate lost of customers, in basis points
     * @param mrr what those who left had paid a month
     */
    record Churn(long customers, long lost, long rate, List<Money> mrr) {}

    /**
     * What models cost.
     *
     * @param total of the runs whose model has a price
     * @param estimatedRuns runs whose tokens the provider did not tell: we counted them
     * @param unpricedRuns runs of models without a price, which are in no sum
     */
    record Cost(Money total, long runs, long estimatedRuns, long unpricedRuns, List<ModelCost> models) {}

    record ModelCost(
            String provider,
            String model,
            long runs,
            long inputTokens,
            long outputTokens,
            long estimatedRuns,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Money cost) {}

    /**
     * What used credits earned less what the models behind them cost.
     *
     * @param estimated always: a credit is valued at the price of the plan that the tenant had at {@code to}, through its
     *     credits, whoever granted it; one of a trial or of a free plan is worth nothing
     * @param negative the fifty tenants whose usage cost us most beyond what it earned
     */
    record Margins(boolean estimated, List<AgentMargin> agents, List<TenantMargin> negative) {}

    record AgentMargin(String agent, long credits, Money earned, Money cost, Money margin) {}

    record TenantMargin(UUID tenantId, String plan, long credits, Money earned, Money cost, Money margin) {}
}
