package dev.parley.policy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The checker of policy-service: what must be true of the books of a tenant whenever nothing is under way. It reads the
 * tables as a superuser and knows nothing of the code that writes them.
 */
public final class PolicyBooks {
    private static final String FAULTS = """
            with asked as (
                select cast(? as uuid) as id
            ), account as (
                select a.*, coalesce((e.subscription #>> '{entitlement,overage,cap}')::bigint, 0) as cap
                  from asked join app.credit_account a on asked.id is null or a.tenant_id = asked.id
                  left join app.entitlement e using (tenant_id)
            ), lots as (
                select tenant_id, sum(granted) filter (where closed_at is null) as granted,
                       sum(remaining) as remaining,
                       sum(granted - remaining - coalesce(unspent, 0)) as spent
                  from app.credit_lot group by tenant_id
            ), holds as (
                select tenant_id, sum(credits) filter (where state = 'held') as held, sum(charged) as charged
                  from app.hold group by tenant_id
            ), leases as (
                select tenant_id, sum(credits) as leased from app.credit_lease group by tenant_id)
            select tenant_id, 'granted is ' || a.granted || ', its open lots ' || coalesce(l.granted, 0)
              from account a left join lots l using (tenant_id) where a.granted <> coalesce(l.granted, 0)
            union all
            select tenant_id, 'available is ' || a.available || ', its lots less what was drawn '
                   || coalesce(l.remaining, 0) - a.drawn
              from account a left join lots l using (tenant_id) where a.available <> coalesce(l.remaining, 0) - a.drawn
            union all
            select tenant_id, 'charged is ' || coalesce(h.charged, 0) || ', but ' || coalesce(l.spent, 0) + a.drawn || ' left the lots'
              from account a left join lots l using (tenant_id) left join holds h using (tenant_id)
             where coalesce(h.charged, 0) <> coalesce(l.spent, 0) + a.drawn
            union all
            select tenant_id, 'held is ' || a.held || ', its holds ' || coalesce(h.held, 0)
              from account a left join holds h using (tenant_id) where a.held <> coalesce(h.held, 0)
            union all
            select tenant_id, 'leased is ' || a.leased || ', its leases ' || coalesce(e.leased, 0)
              from account a left join leases e using (tenant_id) where a.leased <> coalesce(e.leased, 0)
            union all
            select tenant_id, 'available is ' || available || ', beyond the cap of ' || cap from account where available < -cap
            union all
            select tenant_id, held + leased || ' are set aside, available are ' || available || ' and the cap is ' || cap
              from account where held + leased > greatest(0, available + cap)
            union all
            select h.tenant_id, 'operation ' || h.operation_id || ' was charged ' || h.charged || ' of ' || h.rated
              from app.hold h join account using (tenant_id)
             where (h.state = 'settled') <> (h.charged is not null) or h.charged > h.rated
            union all
            select h.tenant_id, 'the hold of ' || h.operation_id || ' is older than its life'
              from app.hold h join account using (tenant_id) where h.state = 'held' and h.expires_at <= now()
            union all
            select e.tenant_id, 'the lease ' || e.id || ' is older than its life'
              from app.credit_lease e join account using (tenant_id) where e.expires_at <= now() and e.credits > 0
            union all
            select a.tenant_id, 'of ' || c.key || ' ' || (c.value ->> 'held') || ' are held, by holds ' || coalesce(q.held, 0)
              from account a cross join jsonb_each(a.counters) c
              left join lateral (select sum((h.claims ->> c.key)::bigint) as held from app.hold h
                                  where h.tenant_id = a.tenant_id and h.state = 'held'
                                    and h.period_start is not distinct from a.period_start) q on true
             where (c.value ->> 'held')::bigint <> coalesce(q.held, 0)
            """;

    /** For databases whose outbox nobody empties. */
    private static final String UNTOLD = """
            with asked as (select cast(? as uuid) as id), told as (
                select o.* from asked join app.outbox_event o on asked.id is null or o.tenant_id = asked.id)
            select h.tenant_id, 'operation ' || h.operation_id || ' is ' || h.state || ' and was told settled '
                   || count(t.id) || ' times, with ' || coalesce(max((t.payload ->> 'credits')::bigint), 0) || ' credits'
              from asked join app.hold h on asked.id is null or h.tenant_id = asked.id
              left join told t on t.tenant_id = h.tenant_id and t.type = 'policy.usage-settled.v1'
                              and t.payload ->> 'operation_id' = h.operation_id::text
             group by h.tenant_id, h.operation_id, h.state, h.charged
            having count(t.id) <> case when h.state = 'settled' then 1 else 0 end
                or max((t.payload ->> 'credits')::bigint) <> h.charged
            union all
            select h.tenant_id, 'operation ' || h.operation_id || ' is ' || h.state || ' and was told expired ' || count(t.id) || ' times'
              from asked join app.hold h on asked.id is null or h.tenant_id = asked.id
              left join told t on t.tenant_id = h.tenant_id and t.type = 'policy.hold-expired.v1'
                              and t.payload ->> 'operation_id' = h.operation_id::text
             group by h.tenant_id, h.operation_id, h.state
            having count(t.id) > 1 or h.state = 'expired' and count(t.id) = 0
            union all
            select l.tenant_id, 'lot ' || l.id || ' was told closed ' || count(t.id) || ' times'
              from asked join app.credit_lot l on asked.id is null or l.tenant_id = asked.id
              left join told t on t.tenant_id = l.tenant_id and t.type = 'policy.lot-closed.v1'
                              and t.payload ->> 'lot_id' = l.id::text
             group by l.tenant_id, l.id, l.unspent
            having count(t.id) <> case when l.unspent is null then 0 else 1 end
                or max((t.payload ->> 'unspent')::bigint) <> l.unspent
            union all
            select w.tenant_id, 'withdrawal ' || w.id || ' was told ' || count(t.id) || ' times'
              from asked join app.credit_withdrawal w on asked.id is null or w.tenant_id = asked.id
              left join told t on t.tenant_id = w.tenant_id and t.type = 'policy.credits-taken.v1'
                              and t.payload ->> 'withdrawal_id' = w.id::text
             group by w.tenant_id, w.id, w.credits
            having count(t.id) <> 1 or max((t.payload ->> 'credits')::bigint) <> w.credits
            """;

    private final Connection superuser;

    public PolicyBooks(Connection superuser) {
        this.superuser = superuser;
    }

    /** What is wrong with the books of a tenant, or of all tenants when it is null. */
    public List<String> faults(UUID tenant) {
        return lines(FAULTS, tenant);
    }

    /** What was not told in the outbox exactly once, where no relay takes the events away. */
    public List<String> untold(UUID tenant) {
        return lines(UNTOLD, tenant);
    }

    private List<String> lines(String sql, UUID tenant) {
        List<String> lines = new ArrayList<>();
        try (PreparedStatement statement = superuser.prepareStatement(sql)) {
            statement.setObject(1, tenant);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    lines.add("tenant " + rows.getString(1) + ": " + rows.getString(2));
                }
            }
            return lines;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
