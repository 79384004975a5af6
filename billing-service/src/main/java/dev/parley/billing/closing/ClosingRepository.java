package dev.parley.billing.closing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class ClosingRepository {
    private static final TypeReference<Map<String, Long>> SUMS = new TypeReference<>() {};
    private static final TypeReference<List<LedgerClose.Fault>> FAULTS = new TypeReference<>() {};
    private static final int ROWS_AT_A_TIME = 2_000;

    private final ObjectMapper json;

    ClosingRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Tenants with transfers before that day and after all of their closes, seen through the relay role. */
    List<TenantId> tenantsToClose(Handle relay, LocalDate since, LocalDate before, int limit) {
        return relay.createQuery("""
                        select distinct t.tenant_id from app.ledger_transfer t
                        where t.id >= :since and t.id < :before and not exists (
                            select from app.ledger_close c where c.tenant_id = t.tenant_id
                              and c.day >= (uuid_extract_timestamp(t.id) at time zone 'UTC')::date)
                        limit :limit
                        """)
                .bind("since", BookedTransfer.firstIdOf(since))
                .bind("before", BookedTransfer.firstIdOf(before))
                .bind("limit", limit)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** How many closes could not prove their day, over all tenants. */
    long faulty(Handle relay) {
        return relay.createQuery("select count(*) from app.ledger_close where faulty")
                .mapTo(Long.class)
                .one();
    }

    /** Lets one transaction at a time close the tenant's days. */
    void lock(Handle handle, TenantId tenant) {
        handle.createQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtextextended('ledger-close:' || :tenant, 0))) l")
                .bind("tenant", tenant.toString())
                .mapTo(Integer.class)
                .one();
    }

    Optional<LedgerClose> last(Handle handle) {
        return handle.createQuery("""
                        select * from app.ledger_close where tenant_id = (select app.tenant()) order by day desc limit 1
                        """).map((row, context) -> close(row)).findOne();
    }

    List<LedgerClose> closes(Handle handle) {
        return handle.createQuery("select * from app.ledger_close where tenant_id = (select app.tenant()) order by day")
                .map((row, context) -> close(row))
                .list();
    }

    /** Goes through the transfers of a time in the order of their ids, a few thousand at a time. */
    void transfers(Handle handle, @Nullable LocalDate from, LocalDate before, Consumer<BookedTransfer> each) {
        handle.createQuery("""
                        select * from app.ledger_transfer where tenant_id = (select app.tenant())
                          and id >= :from and id < :before order by id
                        """)
                .bind("from", from == null ? new UUID(0, 0) : BookedTransfer.firstIdOf(from))
                .bind("before", BookedTransfer.firstIdOf(before))
                .setFetchSize(ROWS_AT_A_TIME)
                .map((row, context) -> new BookedTransfer(
                        row.getObject("id", UUID.class),
                        row.getString("source_key"),
                        row.getString("kind"),
                        row.getString("debit_account"),
                        row.getString("credit_account"),
                        row.getLong("credits"),
                        row.getObject("operation_id", UUID.class),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .forEach(each);
    }

    /** What stands in the ledger, and beside it, at the end of a day. */
    Proof.Figures figures(Handle handle, LocalDate day) {
        UUID first = BookedTransfer.firstIdOf(day);
        UUID end = BookedTransfer.firstIdOf(day.plusDays(1));
        Map<String, Long> entries = new TreeMap<>();
        handle.createQuery("""
                        select account, sum(credits) as balance from app.ledger_entry
                        where tenant_id = (select app.tenant()) and transfer_id < :end group by account
                        """)
                .bind("end", end)
                .map((row, context) -> Map.entry(row.getString("account"), row.getLong("balance")))
                .forEach(entry -> entries.put(entry.getKey(), entry.getValue()));
        long grants = number(handle, """
                select count(*) from app.credit_lot l left join app.ledger_transfer t on t.tenant_id = l.tenant_id
                    and t.source_key = case l.source when 'refund' then 'refund:' else 'grant:' end || l.id
                where l.tenant_id = (select app.tenant()) and l.id >= :first and l.id < :end
                  and t.credits is distinct from l.credits
                """, first, end);
        long expiries = number(handle, """
                select count(*) from app.credit_lot l left join app.ledger_transfer t on t.tenant_id = l.tenant_id
                    and t.source_key = 'expiry:' || l.id
                where l.tenant_id = (select app.tenant()) and l.unspent is not null
                  and l.closed_at < uuid_extract_timestamp(:end) and :first < :end
                  and coalesce(t.credits, 0) <> l.unspent
                """, first, end);
        // Lines of usage may have ended by the tenant's retention; then there is nothing to compare with.
        long usage = number(handle, """
                select count(*) from (
                    select u.operation_id, sum(u.credits) as credits from app.usage_log u
                    where u.tenant_id = (select app.tenant()) and u.operation_id in (
                        select t.operation_id from app.ledger_transfer t
                        where t.tenant_id = (select app.tenant()) and t.kind = 'usage' and t.id >= :first and t.id < :end)
                    group by u.operation_id) logged
                join app.ledger_transfer t on t.tenant_id = (select app.tenant())
                    and t.source_key = 'usage:' || logged.operation_id
                where t.credits <> logged.credits
                """, first, end);
        return new Proof.Figures(entries, grants, expiries, usage);
    }

    void insert(Handle handle, TenantId tenant, LedgerClose close) {
        handle.createUpdate("""
                        insert into app.ledger_close (tenant_id, day, transfers, digest, sums, balances, faults, faulty,
                            previous_hash, hash)
                        values (:tenant, :day, :transfers, :digest, cast(:sums as jsonb), cast(:balances as jsonb),
                            cast(:faults as jsonb), :faulty, :previous, :hash)
                        """)
                .bind("tenant", tenant.value())
                .bind("day", close.day())
                .bind("transfers", close.transfers())
                .bind("digest", close.digest())
                .bind("sums", write(close.sums()))
                .bind("balances", write(close.balances()))
                .bind("faults", write(close.faults()))
                .bind("faulty", !close.faults().isEmpty())
                .bind("previous", close.previousHash())
                .bind("hash", close.hash())
                .execute();
    }

    private static long number(Handle handle, String sql, UUID first, UUID end) {
        return handle.createQuery(sql)
                .bind("first", first)
                .bind("end", end)
                .mapTo(Long.class)
                .one();
    }

    private LedgerClose close(ResultSet row) throws SQLException {
        return new LedgerClose(
                row.getObject("day", LocalDate.class),
                row.getLong("transfers"),
                row.getString("digest"),
                read(row.getString("sums"), SUMS),
                read(row.getString("balances"), SUMS),
                read(row.getString("faults"), FAULTS),
                row.getString("previous_hash"),
                row.getString("hash"));
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
