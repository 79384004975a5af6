package dev.parley.auth.tenant;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
class TenantRepository {
    private static final String COLUMNS =
            "tenant_id, name, status, settings, region, suspended_at, suspension_reason, created_at";

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

    void change(Handle handle, String name, JsonNode settings) {
        handle.createUpdate("""
                        update app.tenant set name = :name, settings = cast(:settings as jsonb), updated_at = now()
                        where tenant_id = app.tenant()
                        """)
                .bind("name", name)
                .bind("settings", settings.toString())
                .execute();
    }

    void suspend(Handle handle, String reason) {
        handle.createUpdate("""
                        update app.tenant set status = 'suspended', suspended_at = now(), suspension_reason = :reason,
                          updated_at = now() where tenant_id = app.tenant()
                        """).bind("reason", reason).execute();
    }

    void restore(Handle handle) {
        handle.createUpdate("""
                        update app.tenant set status = 'active', suspended_at = null, suspension_reason = null,
                          updated_at = now() where tenant_id = app.tenant()
                        """).execute();
    }

    /** All tenants by id, so by age; needs the transaction of the relay role. */
    List<Tenant> list(Handle handle, @Nullable UUID after, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from app.tenant where cast(:after as uuid) is null or tenant_id > cast(:after as uuid)
                        order by tenant_id limit :limit
                        """)
                .bind("after", after == null ? null : after.toString())
                .bind("limit", limit)
                .map((row, context) -> tenant(row))
                .list();
    }

    private Tenant tenant(ResultSet row) throws SQLException {
        return new Tenant(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("name"),
                TenantStatus.of(row.getString("status")),
                settings(row.getString("settings")),
                row.getString("region"),
                instant(row, "suspended_at"),
                row.getString("suspension_reason"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    private JsonNode settings(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
