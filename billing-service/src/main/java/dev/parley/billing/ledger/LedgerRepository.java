package dev.parley.billing.ledger;

import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

@ApplicationScoped
class LedgerRepository {

    /** A source that was booked before is passed over. */
    void insertAll(Handle handle, TenantId tenant, List<LedgerTransfer> transfers) {
        if (transfers.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch("""
                insert into app.ledger_transfer (tenant_id, id, source_key, kind, debit_account, credit_account,
                    credits, operation_id, occurred_at)
                values (:tenant, :id, :source, :kind, :debit, :credit, :credits, cast(:operation as uuid), :at)
                on conflict (tenant_id, source_key) do nothing
                """);
        for (LedgerTransfer transfer : transfers) {
            batch.bind("tenant", tenant.value())
                    .bind("id", Ids.next())
                    .bind("source", transfer.sourceKey())
                    .bind("kind", transfer.kind())
                    .bind("debit", transfer.debit().code())
                    .bind("credit", transfer.credit().code())
                    .bind("credits", transfer.credits())
                    .bind("operation", transfer.operationId())
                    .bind("at", transfer.occurredAt())
                    .add();
        }
        batch.execute();
    }

    Map<String, Long> balances(Handle handle) {
        return handle
                .createQuery("select account, sum(credits) as balance from app.ledger_entry group by account")
                .map((row, context) -> Map.entry(row.getString("account"), row.getLong("balance")))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
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
