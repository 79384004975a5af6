package dev.parley.billing.revenue;

import dev.parley.billing.money.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Reads through the role that sees all tenants, in the few columns granted to it. */
@ApplicationScoped
class RevenueRepository {

    List<RevenueReport.PlanRevenue> runningPlans(Handle relay) {
        return relay.createQuery("""
                        select s.plan_code, s.plan_version, v.currency, count(*) as subscriptions,
                            sum(v.price_amount / case v.interval when 'year' then 12 else 1 end) as mrr
                        from app.subscription s
                        join app.plan_version v on v.plan_code = s.plan_code and v.version = s.plan_version
                        where s.status in ('active', 'past_due') and s.provider is not null
                        group by s.plan_code, s.plan_version, v.currency
                        order by mrr desc, s.plan_code, s.plan_version
                        """)
                .map((row, context) -> new RevenueReport.PlanRevenue(
                        row.getString("plan_code"),
                        row.getInt("plan_version"),
                        row.getLong("subscriptions"),
                        new Money(row.getLong("mrr"), row.getString("currency"))))
                .list();
    }

    List<RevenueReport.Paid> paid(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select currency, sum(amount) as amount, count(*) as invoices from app.invoice
                        where status = 'paid' and paid_at >= :from and paid_at < :to group by currency order by currency
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new RevenueReport.Paid(
                        new Money(row.getLong("amount"), row.getString("currency")), row.getLong("invoices")))
                .list();
    }

    RevenueReport.Trials trials(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select count(*) as started, count(*) filter (where s.provider is not null) as converted
                        from app.subscription_history h join app.subscription s on s.tenant_id = h.tenant_id
                        where h.version = 1 and h.status = 'trial' and h.created_at >= :from and h.created_at < :to
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new RevenueReport.Trials(row.getLong("started"), row.getLong("converted")))
                .one();
    }

    long churned(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select count(*) from app.subscription_history h
                        where h.status = 'ended' and h.created_at >= :from and h.created_at < :to
                          and exists (select from app.subscription_history earlier
                            where earlier.tenant_id = h.tenant_id and earlier.version < h.version
                              and earlier.status = 'active')
                        """)
                .bind("from", from)
                .bind("to", to)
                .mapTo(Long.class)
                .one();
    }

    Map<String, Long> credits(Handle relay, Instant from, Instant to) {
        return counts(relay, """
                select kind as name, sum(credits) as number from app.ledger_transfer
                where occurred_at >= :from and occurred_at < :to group by kind order by kind
                """, from, to);
    }

    Map<String, Long> byStatus(Handle relay) {
        return counts(relay, "select status as name, count(*) as number from app.subscription group by 1 order by 1");
    }

    Map<String, Long> byPlan(Handle relay) {
        return counts(relay, """
                select plan_code as name, count(*) as number from app.subscription
                where status <> 'ended' group by 1 order by 2 desc, 1
                """);
    }

    Map<String, Long> webhooks(Handle relay) {
        return counts(relay, "select state as name, count(*) as number from app.provider_event group by 1 order by 1");
    }

    long unansweredCheckouts(Handle relay) {
        return relay.createQuery("select count(*) from app.checkout where status = 'unknown'")
                .mapTo(Long.class)
                .one();
    }

    List<Overview.AgentUsage> usageByAgent(Handle relay, Instant from) {
        return relay.createQuery("""
                        select agent, coalesce(sum(quantity) filter (where meter = 'message'), 0) as messages,
                            sum(credits) as credits
                        from app.usage_log where at >= :from group by agent order by credits desc, agent
                        """)
                .bind("from", from)
                .map((row, context) -> new Overview.AgentUsage(
                        row.getString("agent"), row.getLong("messages"), row.getLong("credits")))
                .list();
    }

    private static Map<String, Long> counts(Handle relay, String sql, Instant... bounds) {
        Map<String, Long> counts = new LinkedHashMap<>();
        var query = relay.createQuery(sql);
        if (bounds.length == 2) {
            query.bind("from", bounds[0]).bind("to", bounds[1]);
        }
        query.map((row, context) -> Map.entry(row.getString("name"), row.getLong("number")))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }
}
