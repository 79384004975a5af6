package dev.parley.auth.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

@ApplicationScoped
class TenantRepository {
    private static final String COLUMNS =
            "tenant_id, name, status, standing, subscription_version, settings, region, retention, suspended_at,"
                    + " suspension_reason, deleted_at, created_at";

    private final ObjectMapper json;

    TenantRepository(ObjectMapper json) {
        this.json = json;
    }

    void insert(Handle handle, TenantId id, String name, String region, String actor) {
        handle.createUpdate("""
                        insert into app.tenant (tenant_id, name, region, created_by)
                        values (:id, :name, :region, :actor)
                        """)
                .bind("id", id.value())
                .bind("name", name)
                .bind("region", region)
                .bind("actor", actor)
                .execute();
    }

    /** The tenant of the transaction. */
    Optional<Tenant> find(Handle handle) {
        return handle.createQuery("select " + COLUMNS + " from app.tenant where tenant_id = app.tenant()")
                .map((row, context) -> tenant(row))
                .findOne();
    }

    /** The tenant of the transaction, which nobody else changes until its end. */
    Optional<Tenant> lock(Handle handle) {
        return handle.createQuery("select " + COLUMNS + " from app.tenant where tenant_id = app.tenant() for update")
                .map((row, context) -> tenant(row))
                .findOne();
    }

    /** Makes whoever does the same in another transaction of the tenant wait for the end of this one; others go on. */
    void queue(Handle handle) {
        handle.createQuery("select 1 from app.tenant where tenant_id = app.tenant() for no key update")
                .mapTo(Integer.class)
                .findOne();
    }

    void change(Handle handle, String name, JsonNode settings, String region, SortedMap<String, Integer> retention) {
        handle.createUpdate("""
                        update app.tenant set name = :name, settings = cast(:settings as jsonb), region = :region,
                          retention = cast(:retention as jsonb), updated_at = now()
                        where tenant_id = app.tenant()
                        """)
                .bind("name", name)
                .bind("settings", settings.toString())
                .bind("region", region)
                .bind("retention", json.valueToTree(retention).toString())
                .execute();
    }

    /** Notes what the subscription makes of the tenant, as of that version. */
    void follow(Handle handle, TenantStatus standing, long version) {
        handle.createUpdate("""
                        update app.tenant set standing = :standing, subscription_version = :version, updated_at = now()
                        where tenant_id = app.tenant()
                        """)
                .bind("standing", standing.word())
                .bind("version", version)
                .execute();
    }

    /** Gives the tenant a status; when and why it was suspended or deleted is kept only as long as it is. */
    void become(Handle handle, TenantStatus status, @Nullable String reason) {
        handle.createUpdate("""
                        update app.tenant set status = :status, updated_at = now(),
                          suspended_at = case when :status = 'suspended' then now() end,
                          suspension_reason = case when :status = 'suspended' then :reason end,
                          deleted_at = case when :status = 'deleted' then now() end
                        where tenant_id = app.tenant()
                        """)
                .bind("status", status.word())
                .bind("reason", reason)
                .execute();
    }

    /** Leaves of the tenant only that it was, and when. */
    void empty(Handle handle) {
        handle.createUpdate("""
                        update app.tenant set name = '', settings = '{}', retention = '{}', created_by = ''
                        where tenant_id = app.tenant()
                        """).execute();
    }

    /** Tenants by id, so by age, whose name holds the text or whose id it is; needs the transaction of the relay role. */
    List<Tenant> list(Handle handle, @Nullable String search, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.tenant
                        where (cast(:after as uuid) is null or tenant_id > cast(:after as uuid))
                          and (cast(:search as text) is null
                               or position(lower(cast(:search as text)) in lower(name)) > 0
                               or tenant_id::text = lower(cast(:search as text)))
                        order by tenant_id limit :limit
                        """)
                .bind("search", search)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> tenant(row))
                .list();
    }

    /** Tenants that were deleted before that time, the first first; needs the transaction of the relay role. */
    List<TenantId> deletedBefore(Handle handle, Instant time, int limit) {
        return handle.createQuery("""
                        select tenant_id from app.tenant where status = 'deleted' and deleted_at < :time
                        order by deleted_at limit :limit
                        """)
                .bind("time", time)
                .bind("limit", limit)
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list();
    }

    private Tenant tenant(ResultSet row) throws SQLException {
        return new Tenant(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("name"),
                TenantStatus.of(row.getString("status")),
                TenantStatus.of(row.getString("standing")),
                row.getLong("subscription_version"),
                read(row.getString("settings"), new TypeReference<>() {}),
                row.getString("region"),
                read(row.getString("retention"), new TypeReference<TreeMap<String, Integer>>() {}),
                Columns.instant(row, "suspended_at"),
                row.getString("suspension_reason"),
                Columns.instant(row, "deleted_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }
}
