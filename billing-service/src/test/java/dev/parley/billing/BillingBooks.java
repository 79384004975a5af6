package dev.parley.billing;

import dev.parley.testing.ParleyTestResource;
import dev.parley.testing.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The checker of billing-service: what must be true of the books of a tenant whenever nothing is under way. It reads the
 * tables as a superuser and knows nothing of the code that writes them.
 */
public final class BillingBooks {
    private static final String FAULTS = """
            with asked as (
                select cast(? as uuid) as id
            ), transfer as (
                select t.* from asked join app.ledger_transfer t on asked.id is null or t.tenant_id = asked.id
            ), lot as (
                select l.* from asked join app.credit_lot l on asked.id is null or l.tenant_id = asked.id
            ), used as (
                select u.tenant_id, u.operation_id, sum(u.credits) as credits
                  from asked join app.usage_log u on asked.id is null or u.tenant_id = asked.id
                 group by u.tenant_id, u.operation_id
            ), change as (
                select a.* from asked join app.credit_adjustment a on asked.id is null or a.tenant_id = asked.id)
            select e.tenant_id, 'the entries of all accounts sum up to ' || sum(e.credits)
              from asked join app.ledger_entry e on asked.id is null or e.tenant_id = asked.id
             group by e.tenant_id having sum(e.credits) <> 0
            union all
            select coalesce(b.tenant_id, l.tenant_id), 'available are ' || coalesce(b.balance, 0) || ', lots less what left them '
                   || coalesce(l.credits, 0) - coalesce(u.credits, 0)
              from (select tenant_id, sum(case when credit_account = 'credits:available' then credits else -credits end)
                           filter (where kind <> 'repair') as balance
                      from transfer where 'credits:available' in (debit_account, credit_account) group by tenant_id) b
              full join (select tenant_id, sum(credits - coalesce(unspent, 0) - taken) as credits from lot group by tenant_id) l
                     using (tenant_id)
              left join (select tenant_id, sum(credits) as credits from used group by tenant_id) u
                     on u.tenant_id = coalesce(b.tenant_id, l.tenant_id)
             where coalesce(b.balance, 0) <> coalesce(l.credits, 0) - coalesce(u.credits, 0)
            union all
            select l.tenant_id, 'lot ' || l.grant_key || ' of ' || l.credits || ' was booked ' || count(t.id) || ' times, with '
                   || coalesce(sum(t.credits), 0)
              from lot l left join transfer t on t.tenant_id = l.tenant_id
                                             and t.source_key in ('grant:' || l.id, 'refund:' || l.id)
             group by l.tenant_id, l.grant_key, l.credits having count(t.id) <> 1 or sum(t.credits) <> l.credits
            union all
            select t.tenant_id, t.source_key || ' was booked without its lot' from transfer t
             where t.kind in ('grant', 'refund', 'expiry') and not exists (
                   select from lot l where l.tenant_id = t.tenant_id and t.source_key = t.kind || ':' || l.id)
            union all
            select l.tenant_id, 'lot ' || l.grant_key || ' ended with ' || coalesce(l.unspent, 0) || ', booked are '
                   || coalesce(sum(t.credits), 0)
              from lot l left join transfer t on t.tenant_id = l.tenant_id and t.source_key = 'expiry:' || l.id
             group by l.tenant_id, l.grant_key, l.unspent having coalesce(sum(t.credits), 0) <> coalesce(l.unspent, 0)
            union all
            select tenant_id, 'lot ' || grant_key || ' ended, and has ' || coalesce(unspent, -1) || ' unspent of ' || credits
              from lot where (closed_at is null) <> (unspent is null) or unspent + taken > credits
            union all
            select tenant_id, count(*) || ' lots were paid by ' || paid_provider || ' ' || coalesce(paid_invoice, paid_payment)
              from lot where paid_provider is not null group by tenant_id, paid_provider, coalesce(paid_invoice, paid_payment)
            having count(*) > 1
            union all
            select coalesce(u.tenant_id, t.tenant_id), 'operation ' || coalesce(u.operation_id, t.operation_id) || ' used '
                   || coalesce(u.credits, 0) || ', booked are ' || coalesce(t.credits, 0)
              from (select * from used where credits > 0) u
              full join (select * from transfer where kind = 'usage') t
                     on t.tenant_id = u.tenant_id and t.source_key = 'usage:' || u.operation_id
             where coalesce(u.credits, 0) <> coalesce(t.credits, 0)
            union all
            select a.tenant_id, 'adjustment ' || a.id || ' came to ' || a.applied || ', booked are ' || coalesce(sum(t.credits), 0)
              from change a left join transfer t on t.tenant_id = a.tenant_id and (t.source_key = 'correction:' || a.id
                   or t.source_key in ('grant:' || a.lot_id, 'refund:' || a.lot_id))
             where a.applied is not null
             group by a.tenant_id, a.id, a.applied having coalesce(sum(t.credits), 0) <> abs(a.applied)
            union all
            select tenant_id, 'operation ' || operation_id || ' was refunded ' || count(*) || ' times' from change
             where source = 'refund' group by tenant_id, operation_id having count(*) > 1
            union all
            select s.tenant_id, 'the subscription is at version ' || s.version || ' after ' || count(h.version) || ' changes'
              from asked join app.subscription s on asked.id is null or s.tenant_id = asked.id
              left join app.subscription_history h on h.tenant_id = s.tenant_id
             group by s.tenant_id, s.version having count(h.version) <> s.version
            union all
            select c.tenant_id, 'the change to ' || c.to_code || ' granted ' || c.credits || ', its lot has ' || coalesce(l.credits, 0)
              from asked join app.plan_change c on asked.id is null or c.tenant_id = asked.id
              left join lot l on l.tenant_id = c.tenant_id and l.grant_key = 'change:' || c.id
             where coalesce(c.credits, 0) <> coalesce(l.credits, 0)
            union all
            select c.tenant_id, 'checkout ' || c.id || ' is ' || c.status || ', and its pack has ' || coalesce(l.credits, 0)
              from asked join app.checkout c on asked.id is null or c.tenant_id = asked.id
              left join lot l on l.tenant_id = c.tenant_id and l.grant_key = 'pack:' || c.id
             where c.pack_code is not null and (c.status = 'completed') <> (l.id is not null)
            union all
            select coalesce(c.tenant_id, l.tenant_id), 'overage of ' || coalesce(c.credits, 0) || ' is '
                   || coalesce(c.status, 'not charged') || ', and its lot has ' || coalesce(l.credits, 0)
              from (select o.* from asked join app.overage_charge o on asked.id is null or o.tenant_id = asked.id) c
              full join (select * from lot where source = 'overage') l
                     on l.tenant_id = c.tenant_id and l.grant_key = 'overage:' || c.id
             where (coalesce(c.status, '') = 'paid') <> (l.id is not null) or l.credits <> c.credits
            union all
            select i.tenant_id, count(*) || ' invoices of ' || i.number_year || ' have numbers up to ' || max(i.number_seq)
              from asked join app.invoice i on asked.id is null or i.tenant_id = asked.id
             where i.number_seq is not null group by i.tenant_id, i.number_year having count(*) <> max(i.number_seq)
            union all
            select n.tenant_id, count(*) || ' credit notes of ' || n.number_year || ' have numbers up to ' || max(n.number_seq)
              from asked join app.credit_note n on asked.id is null or n.tenant_id = asked.id
             group by n.tenant_id, n.number_year having count(*) <> max(n.number_seq)
            union all
            select r.tenant_id, 'refund ' || r.id || ' is ' || r.status || ', its credit note ' || coalesce(n.status, 'is missing')
              from asked join app.payment_refund r on asked.id is null or r.tenant_id = asked.id
              left join lot l on l.tenant_id = r.tenant_id and l.id = r.lot_id
              join app.invoice i on i.tenant_id = r.tenant_id and i.own_number is not null and (i.id = r.invoice_id
                   or i.provider = l.paid_provider and i.provider_invoice_id = l.paid_invoice)
              left join app.credit_note n on n.tenant_id = r.tenant_id and n.refund_id = r.id
             where (r.status = 'done') <> (n.status is not null and n.status = 'issued')
            """;

    /** For databases whose outbox nobody empties. */
    private static final String UNTOLD = """
            with asked as (
                select cast(? as uuid) as id
            ), told as (
                select o.* from asked join app.outbox_event o on asked.id is null or o.tenant_id = asked.id
            ), lot as (
                select l.* from asked join app.credit_lot l on asked.id is null or l.tenant_id = asked.id)
            select l.tenant_id, 'lot ' || l.grant_key || ' was told granted ' || count(t.id) || ' times'
              from lot l left join told t on t.tenant_id = l.tenant_id and t.type = 'billing.credits-granted.v1'
                                         and t.payload ->> 'lot_id' = l.id::text
             group by l.tenant_id, l.grant_key, l.credits
            having count(t.id) <> 1 or max((t.payload ->> 'credits')::bigint) <> l.credits
            union all
            select t.tenant_id, 'a lot was told granted that is not there: ' || t.payload::text from told t
             where t.type = 'billing.credits-granted.v1' and not exists (
                   select from lot l where l.tenant_id = t.tenant_id and t.payload ->> 'lot_id' = l.id::text)
            union all
            select l.tenant_id, 'the end of lot ' || l.grant_key || ' was told ' || count(t.id) || ' times'
              from lot l left join told t on t.tenant_id = l.tenant_id and t.type = 'billing.credits-closed.v1'
                                         and t.payload ->> 'lot_id' = l.id::text
             group by l.tenant_id, l.grant_key, l.close_requested_at
            having count(t.id) <> case when l.close_requested_at is null then 0 else 1 end
            union all
            select h.tenant_id, 'version ' || h.version || ' of the subscription was told ' || count(t.id) || ' times'
              from asked join app.subscription_history h on asked.id is null or h.tenant_id = asked.id
              left join told t on t.tenant_id = h.tenant_id and t.type = 'billing.subscription-changed.v1'
                              and (t.payload ->> 'version')::bigint = h.version
             group by h.tenant_id, h.version having count(t.id) <> 1
            union all
            select a.tenant_id, 'the withdrawal ' || a.id || ' was asked for ' || count(t.id) || ' times'
              from asked join app.credit_adjustment a on asked.id is null or a.tenant_id = asked.id
              left join told t on t.tenant_id = a.tenant_id and t.type = 'billing.credits-withdrawn.v1'
                              and t.payload ->> 'withdrawal_id' = a.id::text
             group by a.tenant_id, a.id, a.credits having count(t.id) <> case when a.credits < 0 then 1 else 0 end
            """;

    private BillingBooks() {}

    /** What is wrong with the books of a tenant, or of all tenants when it is null. */
    public static List<String> faults(UUID tenant) {
        return lines(FAULTS, tenant);
    }

    /** What was not told in the outbox exactly once, where no relay takes the events away. */
    public static List<String> untold(UUID tenant) {
        return lines(UNTOLD, tenant);
    }

    private static List<String> lines(String sql, UUID tenant) {
        List<String> lines = new ArrayList<>();
        try (Connection superuser = PostgresServer.shared().superuser(ParleyTestResource.DATABASE);
                PreparedStatement statement = superuser.prepareStatement(sql)) {
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
