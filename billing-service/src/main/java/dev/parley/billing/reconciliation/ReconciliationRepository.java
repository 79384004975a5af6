package dev.parley.billing.reconciliation;

import dev.parley.billing.payment.SubscriptionStatus;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/** Keeps runs and drifts, and reads what the books say, the tables of the other features among them: it audits them. */
@ApplicationScoped
class ReconciliationRepository {

    /** Returns false when that night has a run already. */
    boolean insert(Handle global, UUID id, String cause, @Nullable LocalDate night, @Nullable UUID onlyFor, String by) {
        return global.createUpdate("""
                        insert into app.reconciliation (id, cause, night, only_for, started_by)
                        values (:id, :cause, cast(:night as date), cast(:only as uuid), :by)
                        on conflict (night) do nothing
                        """)
                        .bind("id", id)
                        .bind("cause", cause)
                        .bind("night", night)
                        .bind("only", onlyFor)
                        .bind("by", by)
                        .execute()
                == 1;
    }

    /** Ends runs whose process has died; their nights have no run then. */
    void abandon(Handle global, Duration age) {
        global.createUpdate("""
                        update app.reconciliation set state = 'abandoned', night = null, finished_at = now()
                        where state = 'running' and started_at < now() - make_interval(secs => :age)
                        """).bind("age", (double) age.toSeconds()).execute();
    }

    /** Ends a run that was given up; its night has no run then. */
    void abandon(Handle global, UUID id) {
        global.createUpdate("""
                        update app.reconciliation set state = 'abandoned', night = null, finished_at = now()
                        where id = :id and state = 'running'
                        """).bind("id", id).execute();
    }

    /** What the newest run over all tenants found that came to its end; 0 when there was none. */
    long lastDrifts(Handle global) {
        return global.createQuery("""
                        select coalesce((select drifts from app.reconciliation
                            where state = 'done' and only_for is null order by id desc limit 1), 0)
                        """).mapTo(Long.class).one();
    }

    void finish(Handle global, UUID id, long tenants, long notCompared, long drifts) {
        global.createUpdate("""
                        update app.reconciliation set state = 'done', tenants = :tenants, not_compared = :notCompared,
                            drifts = :drifts, finished_at = now()
                        where id = :id
                        """)
                .bind("id", id)
                .bind("tenants", tenants)
                .bind("notCompared", notCompared)
                .bind("drifts", drifts)
                .execute();
    }

    Optional<Reconciliation> find(Handle global, UUID id) {
        return global.createQuery("select * from app.reconciliation where id = :id")
                .bind("id", id)
                .map(ReconciliationRepository::reconciliation)
                .findOne();
    }

    /** Newest first, from behind that one. */
    List<Reconciliation> list(Handle global, @Nullable UUID before, int limit) {
        return global.createQuery("""
                        select * from app.reconciliation where cast(:before as uuid) is null or id < cast(:before as uuid)
                        order by id desc limit :limit
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .map(ReconciliationRepository::reconciliation)
                .list();
    }

    /** The tenants behind that one, in the order of their ids. */
    List<TenantId> tenants(Handle relay, UUID after, int limit) {
        return relay.createQuery(
                        "select tenant_id from app.subscription where tenant_id > :after order by tenant_id limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** Returns the ids of the drifts, in the order of the findings. */
    List<UUID> store(Handle handle, TenantId tenant, UUID reconciliation, List<Finding> findings) {
        if (findings.isEmpty()) {
            return List.of();
        }
        List<UUID> ids = new ArrayList<>();
        PreparedBatch batch = handle.prepareBatch("""
                insert into app.reconciliation_drift
                    (tenant_id, id, reconciliation_id, kind, subject, expected, found, repair)
                values (:tenant, :id, :reconciliation, :kind, :subject, :expected, :found, :repair)
                """);
        for (Finding finding : findings) {
            ids.add(Ids.next());
            batch.bind("tenant", tenant.value())
                    .bind("id", ids.getLast())
                    .bind("reconciliation", reconciliation)
                    .bind("kind", finding.kind())
                    .bind("subject", finding.subject())
                    .bind("expected", finding.expected())
                    .bind("found", finding.found())
                    .bind("repair", finding.repair().wire())
                    .add();
        }
        batch.execute();
        return ids;
    }

    /** Notes that policy has answered about a drift; false when there is none of that id. */
    boolean echoed(Handle handle, UUID id) {
        return handle.createUpdate("""
                        update app.reconciliation_drift set echoed_at = coalesce(echoed_at, now())
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).execute() == 1;
    }

    List<Drift> drifts(Handle relay, UUID reconciliation, int limit) {
        return relay.createQuery(
                        "select * from app.reconciliation_drift where reconciliation_id = :id order by id limit :limit")
                .bind("id", reconciliation)
                .bind("limit", limit)
                .map(ReconciliationRepository::drift)
                .list();
    }

    /** Holds an open drift until the transaction ends; empty when somebody has repaired it. */
    Optional<Drift> lockOpen(Handle handle, UUID id) {
        return handle.createQuery("""
                        select * from app.reconciliation_drift
                        where tenant_id = (select app.tenant()) and id = :id and state = 'open' for update
                        """)
                .bind("id", id)
                .map(ReconciliationRepository::drift)
                .findOne();
    }

    void end(Handle handle, UUID id, String state, String by) {
        handle.createUpdate("""
                        update app.reconciliation_drift set state = :state, repaired_by = :by, repaired_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """)
                .bind("id", id)
                .bind("state", state)
                .bind("by", by)
                .execute();
    }

    /** What the books say now. */
    Books books(Handle handle, Duration reach, Duration patience) {
        return new Books(
                subscription(handle).orElse(null),
                invoices(handle, reach),
                lots(handle, patience),
                available(handle),
                used(handle),
                notBooked(handle, reach),
                handle.createQuery("""
                                select exists (select from app.credit_adjustment
                                    where tenant_id = (select app.tenant()) and applied is null
                                      and updated_at >= now() - make_interval(secs => :patience))
                                """)
                        .bind("patience", (double) patience.toSeconds())
                        .mapTo(Boolean.class)
                        .one(),
                forgotten(handle, patience),
                unearned(handle),
                overageOwed(handle));
    }

    private static List<Books.Withdrawal> forgotten(Handle handle, Duration patience) {
        return handle.createQuery("""
                        select id, credits from app.credit_adjustment
                        where tenant_id = (select app.tenant()) and applied is null
                          and updated_at < now() - make_interval(secs => :patience)
                        order by id limit 100
                        """)
                .bind("patience", (double) patience.toSeconds())
                .map((row, context) -> new Books.Withdrawal(row.getObject("id", UUID.class), row.getLong("credits")))
                .list();
    }

    /** Those that nobody gives back yet; a person says whether one is, so they stay until then. */
    private static List<Books.Unearned> unearned(Handle handle) {
        return handle.createQuery("""
                        select u.invoice_id, u.amount, u.currency, u.provider from app.unearned_invoice u
                        where u.tenant_id = (select app.tenant())
                          and not exists (select from app.payment_refund r where r.tenant_id = u.tenant_id
                              and (r.invoice_id = u.invoice_id or r.lot_id = u.lot_id) and r.status <> 'refused')
                        order by u.invoice_id limit 100
                        """)
                .map((row, context) -> new Books.Unearned(
                        row.getObject("invoice_id", UUID.class),
                        row.getLong("amount") + " " + row.getString("currency") + " at " + row.getString("provider")))
                .list();
    }

    private static Map<UUID, Long> overageOwed(Handle handle) {
        Map<UUID, Long> owed = new TreeMap<>();
        handle.createQuery("""
                        select c.id, c.credits from app.overage_charge c
                        where c.tenant_id = (select app.tenant()) and exists (
                            select from app.invoice i where i.tenant_id = c.tenant_id and i.status = 'paid'
                              and i.overage @> jsonb_build_array(jsonb_build_object('charge_id', c.id)))
                          and not exists (select from app.credit_lot l
                            where l.tenant_id = c.tenant_id and l.grant_key = 'overage:' || c.id)
                        """)
                .map((row, context) -> Map.entry(row.getObject("id", UUID.class), row.getLong("credits")))
                .forEach(entry -> owed.put(entry.getKey(), entry.getValue()));
        return owed;
    }

    private static Optional<Books.Subscribed> subscription(Handle handle) {
        return handle.createQuery("""
                        select * from app.subscription where tenant_id = (select app.tenant())
                        """)
                .map((row, context) -> new Books.Subscribed(
                        row.getLong("version"),
                        SubscriptionStatus.ofWire(row.getString("status")),
                        row.getString("provider"),
                        row.getString("provider_subscription_id"),
                        time(row, "current_period_start"),
                        time(row, "current_period_end"),
                        row.getBoolean("cancel_at_period_end")))
                .findOne();
    }

    /** Of the current subscription's provider: another's invoices are asked for there. */
    private static List<Books.Invoiced> invoices(Handle handle, Duration reach) {
        return handle.createQuery("""
                        select i.*, v.credits as plan_credits from app.invoice i
                        join app.subscription s on s.tenant_id = i.tenant_id and s.provider = i.provider
                        join app.plan_version v on v.plan_code = i.plan_code and v.version = i.plan_version
                        where i.tenant_id = (select app.tenant())
                          and (i.status in ('draft', 'open') or i.issued_at > now() - make_interval(secs => :reach))
                        order by i.issued_at desc limit 100
                        """)
                .bind("reach", (double) reach.toSeconds())
                .map((row, context) -> new Books.Invoiced(
                        row.getString("provider"),
                        row.getString("provider_invoice_id"),
                        row.getString("status"),
                        row.getLong("amount"),
                        row.getString("currency"),
                        row.getLong("plan_credits")))
                .list();
    }

    /** Of the current subscription's provider, as {@link #invoices}; what a replaced one brought is told of for itself. */
    private static Set<String> used(Handle handle) {
        return handle.createQuery("""
                        select l.paid_invoice from app.credit_lot l
                        join app.subscription s on s.tenant_id = l.tenant_id and s.provider = l.paid_provider
                        where l.tenant_id = (select app.tenant()) and l.paid_invoice is not null
                        union
                        select c.provider_invoice_id from app.plan_change c
                        join app.subscription s on s.tenant_id = c.tenant_id and s.provider = c.provider
                        where c.tenant_id = (select app.tenant()) and c.provider_invoice_id is not null
                        union
                        select u.provider_invoice_id from app.unearned_invoice u
                        where u.tenant_id = (select app.tenant())
                        """).mapTo(String.class).set();
    }

    private static List<Books.Lot> lots(Handle handle, Duration patience) {
        return handle.createQuery("""
                        select id, credits - taken as credits, closed_at is not null as closed,
                            coalesce(close_requested_at < now() - make_interval(secs => :patience), false) as ended,
                            created_at < now() - make_interval(secs => :patience) as granted
                        from app.credit_lot where tenant_id = (select app.tenant()) order by id
                        """)
                .bind("patience", (double) patience.toSeconds())
                .map((row, context) -> new Books.Lot(
                        row.getObject("id", UUID.class),
                        row.getLong("credits"),
                        row.getBoolean("closed"),
                        row.getBoolean("ended"),
                        row.getBoolean("granted")))
                .list();
    }

    private static long available(Handle handle) {
        return handle.createQuery("""
                        select coalesce(sum(credits), 0) from app.ledger_entry
                        where tenant_id = (select app.tenant()) and account = 'credits:available'
                        """).mapTo(Long.class).one();
    }

    /** What lots and the usage log of the last weeks tell of and the ledger does not. */
    private static Map<String, Long> notBooked(Handle handle, Duration reach) {
        Map<String, Long> missing = new TreeMap<>();
        handle.createQuery("""
                        select wanted.source, wanted.credits from (
                            select case source when 'refund' then 'refund:' else 'grant:' end || id as source, credits
                                from app.credit_lot where tenant_id = (select app.tenant())
                            union all
                            select 'expiry:' || id, unspent
                                from app.credit_lot where tenant_id = (select app.tenant()) and unspent > 0
                            union all
                            select 'usage:' || operation_id, sum(credits)::bigint
                                from app.usage_log where tenant_id = (select app.tenant())
                                  and at > now() - make_interval(secs => :reach)
                                group by operation_id having sum(credits) > 0
                        ) wanted
                        where not exists (select from app.ledger_transfer t
                            where t.tenant_id = (select app.tenant()) and t.source_key = wanted.source)
                        limit 1000
                        """)
                .bind("reach", (double) reach.toSeconds())
                .map((row, context) -> Map.entry(row.getString("source"), row.getLong("credits")))
                .forEach(entry -> missing.put(entry.getKey(), entry.getValue()));
        return missing;
    }

    private static Reconciliation reconciliation(ResultSet row, StatementContext context) throws SQLException {
        return new Reconciliation(
                row.getObject("id", UUID.class),
                row.getString("cause"),
                row.getObject("only_for", UUID.class),
                row.getString("state"),
                row.getLong("tenants"),
                row.getLong("not_compared"),
                row.getLong("drifts"),
                row.getString("started_by"),
                time(row, "started_at"),
                Columns.instant(row, "finished_at"),
                null);
    }

    private static Drift drift(ResultSet row, StatementContext context) throws SQLException {
        return new Drift(
                row.getObject("id", UUID.class),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("kind"),
                row.getString("subject"),
                row.getString("expected"),
                row.getString("found"),
                Repair.ofWire(row.getString("repair")),
                Columns.instant(row, "echoed_at"),
                row.getString("state"),
                row.getString("repaired_by"),
                Columns.instant(row, "repaired_at"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
