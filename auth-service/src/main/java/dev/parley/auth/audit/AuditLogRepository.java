package dev.parley.auth.audit;

import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class AuditLogRepository {
    private static final String COLUMNS = "seq, event_id, at, actor, action, resource_type, resource_id, before_state,"
            + " after_state, reason, operation_id, ticket, staff, access_id, previous_hash, hash";

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
                           after_state, reason, operation_id, ticket, staff, access_id, previous_hash, hash)
                        values (app.tenant(), :seq, :event, :at, :actor, :action, :resourceType, :resourceId,
                          cast(:before as json), cast(:after as json), :reason, cast(:operation as uuid), :ticket,
                          :staff, cast(:access as uuid), :previous, :hash)
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
                .bind("ticket", fact.ticket())
                .bind("staff", fact.staff())
                .bind("access", fact.accessId() == null ? null : fact.accessId().toString())
                .bind("previous", entry.previousHash())
                .bind("hash", entry.hash())
                .execute();
    }

    /** Notes that the trail of the transaction's tenant has entries above its signed head. */
    void moved(Handle handle) {
        handle.execute("insert into app.audit_moved (tenant_id) values (app.tenant()) on conflict do nothing");
    }

    /** Entries that match, the newest first, before a place in the chain; only what is asked for is in the statement. */
    List<AuditLogEntry> list(Handle handle, AuditFilter filter, boolean staffOnly, @Nullable Long before, int limit) {
        StringBuilder sql =
                new StringBuilder("select " + COLUMNS + " from app.audit_log where tenant_id = app.tenant()");
        Map<String, Object> values = new HashMap<>();
        where(sql, values, " and seq < :before", "before", before);
        where(sql, values, " and at >= :from", "from", filter.from());
        where(sql, values, " and at < :to", "to", filter.to());
        where(sql, values, " and actor = :actor", "actor", filter.actor());
        where(sql, values, " and action = :action", "action", filter.action());
        where(sql, values, " and resource_type = :type", "type", filter.resourceType());
        where(sql, values, " and resource_id = :resource", "resource", filter.resourceId());
        where(
                sql,
                values,
                " and position(lower(:text) in lower(concat_ws(' ', action, resource_type, resource_id, reason, ticket,"
                        + " before_state, after_state))) > 0",
                "text",
                filter.text());
        if (staffOnly) {
            sql.append(" and staff");
        }
        return handle.createQuery(sql.append(" order by seq desc limit :limit"))
                .bindMap(values)
                .bind("limit", limit)
                .map((row, context) -> entry(row))
                .list();
    }

    private static void where(
            StringBuilder sql, Map<String, Object> values, String condition, String name, @Nullable Object value) {
        if (value != null) {
            sql.append(condition);
            values.put(name, value);
        }
    }

    /** Entries after a place, in the order of the chain. */
    List<AuditLogEntry> after(Handle handle, long seq, int limit) {
        return handle.createQuery(
                        "select " + COLUMNS
                                + " from app.audit_log where tenant_id = app.tenant() and seq > :after order by seq limit :limit")
                .bind("after", seq)
                .bind("limit", limit)
                .map((row, context) -> entry(row))
                .list();
    }

    Optional<AuditLogEntry> at(Handle handle, long seq) {
        return handle.createQuery(
                        "select " + COLUMNS + " from app.audit_log where tenant_id = app.tenant() and seq = :seq")
                .bind("seq", seq)
                .map((row, context) -> entry(row))
                .findOne();
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
                        row.getObject("operation_id", UUID.class),
                        row.getString("ticket"),
                        row.getBoolean("staff"),
                        row.getObject("access_id", UUID.class)),
                row.getString("previous_hash"),
                row.getString("hash"));
    }
}
