package dev.parley.billing.revenue;

import dev.parley.billing.money.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the platform earns. Money is per currency; nothing is converted.
 *
 * @param mrr monthly recurring revenue of the paid subscriptions that run now; a year counts a twelfth
 * @param paid invoices paid between from and to
 * @param trials trials begun between from and to, and how many of them pay by now
 * @param churned subscriptions that ended between from and to after having been active
 * @param credits moved in the ledger between from and to, by kind: grant, usage, expiry
 */
record RevenueReport(
        Instant from,
        Instant to,
        List<Money> mrr,
        List<PlanRevenue> plans,
        List<Paid> paid,
        Trials trials,
        long churned,
        Map<String, Long> credits) {

    record PlanRevenue(String plan, int planVersion, long subscriptions, Money mrr) {}

    record Paid(Money total, long invoices) {}

    record Trials(long started, long converted) {}
}
