package dev.parley.channel.webhook;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Rows of endpoints, each with the row of its queue. */
@ApplicationScoped
class EndpointRepository {
    private static final String SELECT = """
            select e.id, e.url, e.description, e.events, e.fifo, e.concurrency, e.status, e.disabled_reason, e.disabled_at,
                   e.version, e.secret, e.previous_secret,
                   case when e.previous_until > now() then e.previous_until end as previous_until,
                   q.failing_since, e.created_at, e.updated_at
              from webhook_endpoint e
              join webhook_queue q on q.tenant_id = e.tenant_id and q.endpoint_id = e.id
             where e.tenant_id = :tenant and e.deleted_at is null
            """;

    Optional<Endpoint> find(Handle handle, TenantId tenant, UUID id) {
        return endpoint(handle.createQuery(SELECT + " and e.id = :id"), tenant, id);
    }

    /** As {@link #find}; nobody else changes it until the transaction ends. */
    Optional<Endpoint> lock(Handle handle, TenantId tenant, UUID id) {
        return endpoint(handle.createQuery(SELECT + " and e.id = :id for update of e"), tenant, id);
    }

    private static Optional<Endpoint> endpoint(Query query, TenantId tenant, UUID id) {
        return query.bind("tenant", tenant.value())
                .bind("id", id)
                .map((rs, context) -> endpoint(rs))
                .findOne();
    }

    List<Endpoint> list(Handle handle, TenantId tenant, @Nullable UUID after, int limit) {
        return handle.createQuery(SELECT + """
                           and (cast(:after as uuid) is null or e.id < cast(:after as uuid))
                         order by e.id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((rs, context) -> endpoint(rs))
                .list();
    }

    /** How many there are; until the transaction ends, no other adds one. */
    int count(Handle handle, TenantId tenant) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:tenant, 90))")
                .bind("tenant", "webhook_endpoint/" + tenant)
                .mapTo(String.class)
                .list();
        return handle.createQuery(
                        "select count(*) from webhook_endpoint where tenant_id = :tenant and deleted_at is null")
                .bind("tenant", tenant.value())
                .mapTo(Integer.class)
                .one();
    }

    void insert(Handle handle, TenantId tenant, Endpoint endpoint, String by) {
        handle.createUpdate("""
                        insert into webhook_endpoint (tenant_id, id, url, description, events, fifo, concurrency, status,
                                                      secret, created_by)
                        values (:tenant, :id, :url, :description, :events, :fifo, :concurrency, :status, :secret, :by)
                        """)
                .bind("tenant", tenant.value())
                .bind("id", endpoint.id())
                .bind("url", endpoint.url())
                .bind("description", endpoint.description())
                .bindArray("events", String.class, endpoint.events())
                .bind("fifo", endpoint.fifo())
                .bind("concurrency", endpoint.concurrency())
                .bind("status", endpoint.status())
                .bind("secret", endpoint.secret())
                .bind("by", by)
                .execute();
        handle.createUpdate("insert into webhook_queue (tenant_id, endpoint_id) values (:tenant, :id)")
                .bind("tenant", tenant.value())
                .bind("id", endpoint.id())
                .execute();
    }

    void change(Handle handle, TenantId tenant, Endpoint endpoint) {
        handle.createUpdate("""
                        update webhook_endpoint set url = :url, description = :description, events = :events, fifo = :fifo,
                               concurrency = :concurrency, version = version + 1, updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", endpoint.id())
                .bind("url", endpoint.url())
                .bind("description", endpoint.description())
                .bindArray("events", String.class, endpoint.events())
                .bind("fifo", endpoint.fifo())
                .bind("concurrency", endpoint.concurrency())
                .execute();
    }

    /** Lets deliveries begin, with all that waited, as if nothing had failed before. */
    void enable(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        with enabled as (
                            update webhook_endpoint set status = 'active', disabled_reason = null, disabled_at = null,
                                   version = version + 1, updated_at = now()
                             where tenant_id = :tenant and id = :id)
                        update webhook_queue set active = true, due_at = now(), not_before = '-infinity',
                               failing_since = null, failures = 0, exhausted = 0, updated_at = now()
                         where tenant_id = :tenant and endpoint_id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    /** What failed before says nothing about an endpoint that is elsewhere now, or takes things in another order. */
    void forgive(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        update webhook_queue set due_at = least(due_at, now()), not_before = '-infinity',
                               failing_since = null, failures = 0, exhausted = 0, updated_at = now()
                         where tenant_id = :tenant and endpoint_id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    /** Stops deliveries; false when they are stopped already. */
    boolean disable(Handle handle, TenantId tenant, UUID id, String reason) {
        return handle.createUpdate("""
                        with disabled as (
                            update webhook_endpoint set status = 'disabled', disabled_reason = :reason, disabled_at = now(),
                                   version = version + 1, updated_at = now()
                             where tenant_id = :tenant and id = :id and status = 'active' and deleted_at is null
                            returning id)
                        update webhook_queue q set active = false, updated_at = now()
                          from disabled where q.tenant_id = :tenant and q.endpoint_id = disabled.id
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("reason", reason)
                        .execute()
                == 1;
    }

    /** Gives an endpoint a new secret; the one before signs too for that time, unless there is none. */
    void rotate(Handle handle, TenantId tenant, UUID id, byte[] secret, byte @Nullable [] previous, Duration overlap) {
        handle.createUpdate("""
                        update webhook_endpoint set secret = :secret, previous_secret = :previous,
                               previous_until = case when cast(:previous as bytea) is not null
                                                     then now() + make_interval(secs => :overlap) end, version = version + 1,
                               updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("secret", secret)
                .bind("previous", previous)
                .bind("overlap", (double) overlap.toSeconds())
                .execute();
    }

    /** The endpoint is gone for its tenant; what was delivered stays in exports until the log ends. */
    void delete(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("""
                        with deleted as (
                            update webhook_endpoint set deleted_at = now(), secret = '', previous_secret = null,
                                   version = version + 1, updated_at = now()
                             where tenant_id = :tenant and id = :id)
                        update webhook_queue set active = false, updated_at = now()
                         where tenant_id = :tenant and endpoint_id = :id
                        """).bind("tenant", tenant.value()).bind("id", id).execute();
    }

    private static Endpoint endpoint(ResultSet rs) throws SQLException {
        Array events = rs.getArray("events");
        return new Endpoint(
                rs.getObject("id", UUID.class),
                rs.getString("url"),
                rs.getString("description"),
                List.of((String[]) events.getArray()),
                rs.getBoolean("fifo"),
                rs.getInt("concurrency"),
                rs.getString("status"),
                rs.getString("disabled_reason"),
                Columns.instant(rs, "disabled_at"),
                rs.getInt("version"),
                rs.getBytes("secret"),
                rs.getBytes("previous_secret"),
                Columns.instant(rs, "previous_until"),
                Columns.instant(rs, "failing_since"),
                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                rs.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
