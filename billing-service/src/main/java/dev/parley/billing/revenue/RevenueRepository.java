package dev.parley.billing.revenue;

import dev.parley.billing.money.Money;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads through the role that sees all tenants, in the few columns granted to it. */
@ApplicationScoped
class RevenueRepository {

    private static final String PAYING = """
            select distinct on (h.tenant_id) h.tenant_id, h.status, h.plan_code, h.plan_version
            from app.subscription_history h where h.created_at < :%s
            order by h.tenant_id, h.version desc
            """;

    /** The paid subscriptions that ran at that moment, as the history tells. */
    List<RevenueReport.PlanRevenue> plansAt(Handle relay, Instant at) {
        return relay.createQuery("""
                        select s.plan_code, s.plan_version, v.currency, count(*) as subscriptions,
                            sum(v.price_amount / case v.interval when 'year' then 12 else 1 end) as mrr
                        from (""" + PAYING.formatted("at") + """
                            ) s
                        join app.plan_version v on v.plan_code = s.plan_code and v.version = s.plan_version
                        where s.status in ('active', 'past_due') and v.price_amount > 0
                        group by s.plan_code, s.plan_version, v.currency
                        order by mrr desc, s.plan_code, s.plan_version
                        """)
                .bind("at", at)
                .map((row, context) -> new RevenueReport.PlanRevenue(
                        row.getString("plan_code"),
                        row.getInt("plan_version"),
                        row.getLong("subscriptions"),
                        new Money(row.getLong("mrr"), row.getString("currency"))))
                .list();
    }

    /** Of those that paid at {@code from}, by currency: all, those that paid no more at {@code to}, and what they paid. */
    List<Left> left(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select v.currency, count(*) as customers, count(*) filter (where e.gone) as lost,
                            coalesce(sum(v.price_amount / case v.interval when 'year' then 12 else 1 end)
                                filter (where e.gone), 0) as mrr
                        from (""" + PAYING.formatted("from") + """
                            ) s
                        join app.plan_version v on v.plan_code = s.plan_code and v.version = s.plan_version
                        cross join lateral (
                            select l.status not in ('active', 'past_due') or w.price_amount = 0 as gone
                            from app.subscription_history l
                            join app.plan_version w on w.plan_code = l.plan_code and w.version = l.plan_version
                            where l.tenant_id = s.tenant_id and l.created_at < :to order by l.version desc limit 1) e
                        where s.status in ('active', 'past_due') and v.price_amount > 0
                        group by v.currency order by v.currency
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new Left(
                        row.getLong("customers"),
                        row.getLong("lost"),
                        new Money(row.getLong("mrr"), row.getString("currency"))))
                .list();
    }

    /** Who paid and who left, in one currency. */
    record Left(long customers, long lost, Money mrr) {}

    /** What models cost, by provider and model; a cost in millionths, null when no run of it had a price. */
    List<ModelSum> models(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select provider, model, count(distinct run_id) as runs, sum(input_tokens) as input, sum(output_tokens) as output,
                            count(*) filter (where estimated) as estimated, count(*) filter (where cost is null) as unpriced,
                            sum(cost) as cost
                        from app.model_usage where at >= :from and at < :to group by provider, model
                        order by cost desc nulls last, provider, model
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new ModelSum(
                        row.getString("provider"),
                        row.getString("model"),
                        row.getLong("runs"),
                        row.getLong("input"),
                        row.getLong("output"),
                        row.getLong("estimated"),
                        row.getLong("unpriced"),
                        row.getBigDecimal("cost")))
                .list();
    }

    /** What runs of a model come to. */
    record ModelSum(
            String provider,
            String model,
            long runs,
            long inputTokens,
            long outputTokens,
            long estimated,
            long unpriced,
            @Nullable BigDecimal cost) {}

    /** What each tenant used of each agent, what it cost, and the plan that the tenant had at {@code to}. */
    List<Margin.Usage> usage(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select coalesce(u.tenant_id, m.tenant_id) as tenant_id, coalesce(u.agent, m.agent) as agent,
                            coalesce(u.credits, 0) as credits, coalesce(m.cost, 0) as cost,
                            coalesce(v.plan_code, '') as plan, coalesce(v.price_amount, 0) as price,
                            coalesce(v.credits, 0) as plan_credits, coalesce(v.currency, '') as currency
                        from (select tenant_id, agent, sum(credits)::bigint as credits from app.usage_log
                                where at >= :from and at < :to group by 1, 2) u
                        full join (select tenant_id, agent, sum(cost)::bigint as cost from app.model_usage
                                where at >= :from and at < :to group by 1, 2) m
                            on m.tenant_id = u.tenant_id and m.agent = u.agent
                        left join (""" + PAYING.formatted("to") + """
                            ) s on s.tenant_id = coalesce(u.tenant_id, m.tenant_id)
                                and s.status in ('active', 'past_due', 'suspended')
                        left join app.plan_version v on v.plan_code = s.plan_code and v.version = s.plan_version
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new Margin.Usage(
                        row.getObject("tenant_id", UUID.class),
                        row.getString("agent"),
                        row.getString("plan"),
                        row.getLong("credits"),
                        row.getLong("cost"),
                        row.getLong("price"),
                        row.getLong("plan_credits"),
                        row.getString("currency")))
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

    /** What overage earned, by when it was paid. */
    List<RevenueReport.OverageRevenue> overage(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select currency, sum(amount) as amount, count(*) as charges, sum(credits) as credits
                        from app.overage_charge where paid_at >= :from and paid_at < :to
                        group by currency order by currency
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> new RevenueReport.OverageRevenue(
                        new Money(row.getLong("amount"), row.getString("currency")),
                        row.getLong("charges"),
                        row.getLong("credits")))
                .list();
    }

    RevenueReport.Trials trials(Handle relay, Instant from, Instant to) {
        return relay.createQuery("""
                        select count(*) as started, count(*) filter (where exists (
                            select from app.subscription_history l
                            join app.plan_version v on v.plan_code = l.plan_code and v.version = l.plan_version
                            where l.tenant_id = h.tenant_id and l.status = 'active' and v.price_amount > 0
                              and l.created_at < :to)) as converted
                        from app.subscription_history h
                        where h.version = 1 and h.status = 'trial' and h.created_at >= :from and h.created_at < :to
                        """)
                .bind("from", from)
                .bind("to", to)
                .map((row, context) -> {
                    long started = row.getLong("started");
                    long converted = row.getLong("converted");
                    return new RevenueReport.Trials(started, converted, RevenueService.rate(converted, started));
                })
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
