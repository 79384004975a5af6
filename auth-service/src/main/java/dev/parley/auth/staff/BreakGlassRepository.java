package dev.parley.auth.staff;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class BreakGlassRepository {
    private static final String SELECT =
            "select tenant_id, id, admin_id, reason, ticket, opened_at, expires_at, ended_at from app.break_glass_grant";

    /** Keeps a grant; false when that person has one for the tenant that was not ended. */
    boolean insert(Handle handle, BreakGlassGrant grant) {
        return handle.createUpdate("""
                        insert into app.break_glass_grant
                          (tenant_id, id, admin_id, reason, ticket, opened_at, expires_at, created_by)
                        values (app.tenant(), :id, :admin, :reason, :ticket, :openedAt, :expiresAt, cast(:admin as text))
                        on conflict do nothing
                        """)
                        .bind("id", grant.id())
                        .bind("admin", grant.adminId())
                        .bind("reason", grant.reason())
                        .bind("ticket", grant.ticket())
                        .bind("openedAt", grant.openedAt())
                        .bind("expiresAt", grant.expiresAt())
                        .execute()
                == 1;
    }

    /** The grant of that person for the transaction's tenant that nobody has ended yet. */
    Optional<BreakGlassGrant> unended(Handle handle, UUID admin) {
        return handle.createQuery(SELECT
                        + " where tenant_id = app.tenant() and admin_id = :admin and ended_at is null for update")
                .bind("admin", admin)
                .map((row, context) -> grant(row))
                .findOne();
    }

    /** As {@link #unended}, without a lock. */
    Optional<BreakGlassGrant> held(Handle handle, UUID admin) {
        return handle.createQuery(SELECT + " where tenant_id = app.tenant() and admin_id = :admin and ended_at is null")
                .bind("admin", admin)
                .map((row, context) -> grant(row))
                .findOne();
    }

    /** A grant of the transaction's tenant, which nobody else changes until the end. */
    Optional<BreakGlassGrant> lock(Handle handle, UUID id) {
        return handle.createQuery(SELECT + " where tenant_id = app.tenant() and id = :id for update")
                .bind("id", id)
                .map((row, context) -> grant(row))
                .findOne();
    }

    void end(Handle handle, UUID id, Instant at, String by) {
        handle.createUpdate("""
                        update app.break_glass_grant set ended_at = :at, ended_by = :by, updated_at = now()
                        where tenant_id = app.tenant() and id = :id
                        """).bind("id", id).bind("at", at).bind("by", by).execute();
    }

    /** The open grants of the transaction's tenant, the newest first. */
    List<BreakGlassGrant> open(Handle handle, Instant now) {
        return handle.createQuery(SELECT + """
                         where tenant_id = app.tenant() and ended_at is null and expires_at > :now
                        order by opened_at desc
                        """)
                .bind("now", now)
                .map((row, context) -> grant(row))
                .list();
    }

    /** Everybody's grants for all tenants, the newest first; needs the transaction of the relay role. */
    List<BreakGlassGrant> all(Handle handle, @Nullable UUID before, int limit) {
        return handle.createQuery(SELECT + """
                         where cast(:before as uuid) is null or id < cast(:before as uuid) order by id desc limit :limit
                        """)
                .bind("before", before == null ? null : before.toString())
                .bind("limit", limit)
                .map((row, context) -> grant(row))
                .list();
    }

    /** The tenant of a grant; needs the transaction of the relay role. */
    Optional<TenantId> tenantOf(Handle handle, UUID id) {
        return handle.createQuery("select tenant_id from app.break_glass_grant where id = :id")
                .bind("id", id)
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .findOne();
    }

    /** Grants whose time is over and that nobody ended; needs the transaction of the relay role. */
    List<BreakGlassGrant> expired(Handle handle, Instant now) {
        return handle.createQuery(
                        SELECT + " where ended_at is null and expires_at <= :now order by expires_at limit 100")
                .bind("now", now)
                .map((row, context) -> grant(row))
                .list();
    }

    private static BreakGlassGrant grant(ResultSet row) throws SQLException {
        return new BreakGlassGrant(
                row.getObject("id", UUID.class),
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getObject("admin_id", UUID.class),
                row.getString("reason"),
                row.getString("ticket"),
                row.getObject("opened_at", OffsetDateTime.class).toInstant(),
                row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                Columns.instant(row, "ended_at"));
    }
}
