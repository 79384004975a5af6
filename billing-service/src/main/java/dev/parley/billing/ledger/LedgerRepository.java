package dev.parley.billing.ledger;

import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class LedgerRepository {

    /** A source that was booked before is passed over. */
    void insertAll(Handle handle, TenantId tenant, List<LedgerTransfer> transfers) {
        if (transfers.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into app.ledger_transfer (tenant_id, id, source_key, kind, debit_account, credit_account,
                            credits, operation_id, occurred_at)
                        select :tenant, t.id, t.source_key, t.kind, t.debit_account, t.credit_account, t.credits,
                            t.operation_id, cast(t.occurred_at as timestamptz)
                        from unnest(cast(:ids as uuid[]), cast(:sources as text[]), cast(:kinds as text[]),
                            cast(:debits as text[]), cast(:creditors as text[]), cast(:credits as bigint[]),
                            cast(:operations as uuid[]), cast(:times as text[])) as t
                            (id, source_key, kind, debit_account, credit_account, credits, operation_id, occurred_at)
                        on conflict (tenant_id, source_key) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bindArray("ids", UUID.class, of(transfers, transfer -> Ids.next()))
                .bindArray("sources", String.class, of(transfers, LedgerTransfer::sourceKey))
                .bindArray("kinds", String.class, of(transfers, LedgerTransfer::kind))
                .bindArray("debits", String.class, of(transfers, transfer -> transfer.debit()
                        .code()))
                .bindArray("creditors", String.class, of(transfers, transfer -> transfer.credit()
                        .code()))
                .bindArray("credits", Long.class, of(transfers, LedgerTransfer::credits))
                .bindArray("operations", UUID.class, of(transfers, LedgerTransfer::operationId))
                .bindArray("times", String.class, of(transfers, transfer -> transfer.occurredAt()
                        .toString()))
                .execute();
    }

    private static List<@Nullable Object> of(
            List<LedgerTransfer> transfers, Function<LedgerTransfer, @Nullable Object> member) {
        return Arrays.asList(transfers.stream().map(member).toArray());
    }

    Map<String, Long> balances(Handle handle) {
        return handle
                .createQuery("select account, sum(credits) as balance from app.ledger_entry group by account")
                .map((row, context) -> Map.entry(row.getString("account"), row.getLong("balance")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    long charged(Handle handle, UUID operationId) {
        return handle.createQuery("""
                        select coalesce(sum(credits), 0) from app.ledger_transfer
                        where tenant_id = (select app.tenant()) and source_key = 'usage:' || :operation
                        """)
                .bind("operation", operationId.toString())
                .mapTo(Long.class)
                .one();
    }

    /** The balance of the newest is a sum over all before it; the others follow from it. */
    List<LedgerService.Entry> entries(Handle handle, @Nullable UUID before, int limit) {
        return handle.createQuery("""
                        with page as (
                            select id, source_key, kind, operation_id, occurred_at,
                                case when credit_account = 'credits:available' then credits else -credits end as effect
                            from app.ledger_transfer
                            where tenant_id = (select app.tenant())
                              and 'credits:available' in (debit_account, credit_account)
                              and (cast(:before as uuid) is null or id < cast(:before as uuid))
                            order by id desc limit :limit
                        ), newest as (
                            select coalesce(sum(case when credit_account = 'credits:available' then credits
                                else -credits end), 0) as balance
                            from app.ledger_transfer
                            where tenant_id = (select app.tenant())
                              and 'credits:available' in (debit_account, credit_account)
                              and id <= (select id from page order by id desc limit 1)
                        )
                        select p.*, n.balance - coalesce(sum(p.effect) over (order by p.id desc
                            rows between unbounded preceding and 1 preceding), 0) as balance
                        from page p cross join newest n order by p.id desc
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> new LedgerService.Entry(
                        row.getObject("id", UUID.class),
                        row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                        row.getString("kind"),
                        row.getLong("effect"),
                        row.getLong("balance"),
                        row.getObject("operation_id", UUID.class),
                        lot(row.getString("source_key"))))
                .list();
    }

    private static @Nullable UUID lot(String sourceKey) {
        String[] parts = sourceKey.split(":", 2);
        return switch (parts[0]) {
            case "grant", "expiry", "refund", "payment-refund" -> UUID.fromString(parts[1]);
            default -> null;
        };
    }

    List<OperationSteps.Step> steps(Handle handle, UUID operationId) {
        return handle.createQuery("""
                        select id, kind, debit_account, credit_account, credits, created_at from app.ledger_transfer
                        where tenant_id = (select app.tenant()) and operation_id = :operation order by created_at, id
                        """)
                .bind("operation", operationId)
                .map((row, context) -> OperationSteps.Step.of(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        "ledger." + row.getString("kind"),
                        Map.of(
                                "transfer_id", row.getString("id"),
                                "debit", row.getString("debit_account"),
                                "credit", row.getString("credit_account"),
                                "credits", row.getLong("credits"))))
                .list();
    }
}
