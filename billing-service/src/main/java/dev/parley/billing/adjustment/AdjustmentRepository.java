package dev.parley.billing.adjustment;

import dev.parley.billing.credit.CreditSource;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class AdjustmentRepository {

    /** Returns false when this change was made before. */
    boolean insert(Handle handle, TenantId tenant, String requestKey, Adjustment adjustment) {
        return handle.createUpdate("""
                        insert into app.credit_adjustment (tenant_id, id, request_key, source, credits, operation_id, reason,
                            decision_id, approval_id, requested_by, approved_by)
                        values (:tenant, :id, :key, :source, :credits, cast(:operation as uuid), :reason, :decision,
                            cast(:approval as uuid), :by, :second)
                        on conflict (tenant_id, request_key) do nothing
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", adjustment.id())
                        .bind("key", requestKey)
                        .bind("source", adjustment.source().wire())
                        .bind("credits", adjustment.credits())
                        .bind("operation", adjustment.operationId())
                        .bind("reason", adjustment.reason())
                        .bind("decision", adjustment.decisionId())
                        .bind("approval", adjustment.approvalId())
                        .bind("by", adjustment.requestedBy())
                        .bind("second", adjustment.approvedBy())
                        .execute()
                == 1;
    }

    /** Notes what a change came to; false when that was known, or there is no such change. */
    boolean applied(Handle handle, UUID id, long credits, @Nullable UUID lotId) {
        return handle.createUpdate("""
                        update app.credit_adjustment set applied = :credits, lot_id = cast(:lot as uuid), updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id and applied is null
                        """)
                        .bind("id", id)
                        .bind("credits", credits)
                        .bind("lot", lotId)
                        .execute()
                == 1;
    }

    /** Notes that policy was asked once more: its answer is on its way again. */
    void askedAgain(Handle handle, UUID id) {
        handle.createUpdate("""
                        update app.credit_adjustment set updated_at = now()
                        where tenant_id = (select app.tenant()) and id = :id
                        """).bind("id", id).execute();
    }

    Optional<Adjustment> findByKey(Handle handle, String requestKey) {
        return handle.createQuery("""
                        select * from app.credit_adjustment where tenant_id = (select app.tenant()) and request_key = :key
                        """)
                .bind("key", requestKey)
                .map(AdjustmentRepository::adjustment)
                .findOne();
    }

    Optional<Adjustment> find(Handle handle, UUID id) {
        return handle.createQuery(
                        "select * from app.credit_adjustment where tenant_id = (select app.tenant()) and id = :id")
                .bind("id", id)
                .map(AdjustmentRepository::adjustment)
                .findOne();
    }

    /** Newest first, from behind that one. */
    List<Adjustment> list(Handle handle, @Nullable UUID before, int limit) {
        return handle.createQuery("""
                        select * from app.credit_adjustment where tenant_id = (select app.tenant())
                          and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :limit
                        """)
                .bind("before", before)
                .bind("limit", limit)
                .map(AdjustmentRepository::adjustment)
                .list();
    }

    private static Adjustment adjustment(ResultSet row, StatementContext context) throws SQLException {
        return new Adjustment(
                row.getObject("id", UUID.class),
                CreditSource.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                row.getLong("credits"),
                row.getObject("applied", Long.class),
                row.getObject("lot_id", UUID.class),
                row.getObject("operation_id", UUID.class),
                row.getString("reason"),
                row.getObject("decision_id", UUID.class),
                row.getObject("approval_id", UUID.class),
                row.getString("requested_by"),
                row.getString("approved_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
