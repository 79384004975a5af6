package dev.parley.auth.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class AuditLogRepository {
    private static final String COLUMNS = "seq, event_id, at, actor, action, resource_type, resource_id, before_state,"
            + " after_state, reason, operation_id, previous_hash, hash";

    /** Lets nobody else append to the tenant's trail until the transaction ends. */
    void lockTrail(Handle handle) {
        handle.createQuery(
                        "select pg_advisory_xact_lock(hashtextextended(cast(app.tenant() as text), 7013002)) is null")
                .mapTo(Boolean.class)
                .one();
    }

    Optional<AuditLogEntry> last(Handle handle) {
        return handle.createQuery("select " + COLUMNS
                        + " from app.audit_log where tenant_id = app.tenant() order by seq desc limit 1")
                .map((row, context) -> entry(row))
                .findOne();
    }

    void insert(Handle handle, AuditLogEntry entry) {
        AuditFact fact = entry.fact();
        handle.createUpdate("""
                        insert into app.audit_log
                          (tenant_id, seq, event_id, at, actor, action, resource_type, resource_id, before_state,
                           after_state, reason, operation_id, previous_hash, hash)
                        values (app.tenant(), :seq, :event, :at, :actor, :action, :resourceType, :resourceId,
                          cast(:before as json), cast(:after as json), :reason, cast(:operation as uuid), :previous, :hash)
                        """)
                .bind("seq", entry.seq())
                .bind("event", fact.eventId())
                .bind("at", fact.at())
                .bind("actor", fact.actor())
                .bind("action", fact.action())
                .bind("resourceType", fact.resourceType())
                .bind("resourceId", fact.resourceId())
                .bind("before", fact.before())
                .bind("after", fact.after())
                .bind("reason", fact.reason())
                .bind(
                        "operation",
                        fact.operationId() == null ? null : fact.operationId().toString())
                .bind("previous", entry.previousHash())
                .bind("hash", entry.hash())
                .execute();
    }

    /** Entries that match, the newest first, before a place in the chain. */
    List<AuditLogEntry> list(Handle handle, AuditFilter filter, @Nullable Long before, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.audit_log where tenant_id = app.tenant()
                          and (cast(:before as bigint) is null or seq < cast(:before as bigint))
                          and (cast(:from as timestamptz) is null or at >= cast(:from as timestamptz))
                          and (cast(:to as timestamptz) is null or at < cast(:to as timestamptz))
                          and (cast(:actor as text) is null or actor = cast(:actor as text))
                          and (cast(:action as text) is null or action = cast(:action as text))
                        order by seq desc limit :limit
                        """)
                .bind("before", before == null ? null : before.toString())
                .bind("from", filter.from() == null ? null : filter.from().toString())
                .bind("to", filter.to() == null ? null : filter.to().toString())
                .bind("actor", filter.actor())
                .bind("action", filter.action())
                .bind("limit", limit)
                .map((row, context) -> entry(row))
                .list();
    }

    List<AuditLogEntry> ofOperation(Handle handle, UUID operation) {
        return handle.createQuery(
                        "select " + COLUMNS
                                + " from app.audit_log where tenant_id = app.tenant() and operation_id = :operation order by seq")
                .bind("operation", operation)
                .map((row, context) -> entry(row))
                .list();
    }

    private static AuditLogEntry entry(ResultSet row) throws SQLException {
        return new AuditLogEntry(
                row.getLong("seq"),
                new AuditFact(
                        row.getObject("event_id", UUID.class),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("actor"),
                        row.getString("action"),
                        row.getString("resource_type"),
                        row.getString("resource_id"),
                        row.getString("before_state"),
                        row.getString("after_state"),
                        row.getString("reason"),
                        row.getObject("operation_id", UUID.class)),
                row.getString("previous_hash"),
                row.getString("hash"));
    }
}
