package dev.parley.agent.httptool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class HttpToolRepository {
    private final ObjectMapper json;

    HttpToolRepository(ObjectMapper json) {
        this.json = json;
    }

    /** A stored function, with its secret as it is encrypted; name and secret of the header are null together. */
    record Row(
            UUID id,
            String name,
            String description,
            JsonNode parameters,
            String url,
            String secretName,
            byte[] secret,
            int timeoutSeconds,
            boolean highImpact,
            boolean enabled,
            Instant createdAt,
            Instant updatedAt,
            String createdBy) {
        HttpToolView view() {
            return new HttpToolView(
                    id,
                    name,
                    description,
                    parameters,
                    url,
                    secretName,
                    timeoutSeconds,
                    highImpact,
                    enabled,
                    createdAt,
                    updatedAt,
                    createdBy);
        }

        /** Names the function and neither its address nor its secret. */
        @Override
        public String toString() {
            return "Row[" + name + "]";
        }
    }

    /** Adds a function; false when there is one of that name. */
    boolean insert(Handle handle, TenantId tenant, Row row) {
        return bound(handle.createUpdate("""
                        insert into http_tool (tenant_id, id, name, description, parameters, url, header_name, secret,
                                               timeout_seconds, high_impact, enabled, created_by)
                        values (:tenant, :id, :name, :description, cast(:parameters as jsonb), :url, :secretName, :secret,
                                :timeout, :highImpact, :enabled, :actor)
                        on conflict (tenant_id, name) do nothing
                        """), tenant, row)
                        .bind("name", row.name())
                        .bind("actor", row.createdBy())
                        .execute()
                == 1;
    }

    void update(Handle handle, TenantId tenant, Row row) {
        bound(handle.createUpdate("""
                        update http_tool set description = :description, parameters = cast(:parameters as jsonb), url = :url,
                               header_name = :secretName, secret = :secret, timeout_seconds = :timeout,
                               high_impact = :highImpact, enabled = :enabled, updated_at = now()
                        where tenant_id = :tenant and id = :id
                        """), tenant, row).execute();
    }

    private static <T extends SqlStatement<T>> T bound(T statement, TenantId tenant, Row row) {
        return statement
                .bind("tenant", tenant.value())
                .bind("id", row.id())
                .bind("description", row.description())
                .bind("parameters", row.parameters().toString())
                .bind("url", row.url())
                .bind("secretName", row.secretName())
                .bind("secret", row.secret())
                .bind("timeout", row.timeoutSeconds())
                .bind("highImpact", row.highImpact())
                .bind("enabled", row.enabled());
    }

    void delete(Handle handle, TenantId tenant, UUID id) {
        handle.createUpdate("delete from http_tool where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .execute();
    }

    /** One function, kept as it is for the rest of the transaction. */
    Optional<Row> lock(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select * from http_tool where tenant_id = :tenant and id = :id for update")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    Optional<Row> find(Handle handle, TenantId tenant, UUID id) {
        return handle.createQuery("select * from http_tool where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    /** All functions of a tenant by name: there are few. */
    List<Row> list(Handle handle, TenantId tenant) {
        return handle.createQuery("select * from http_tool where tenant_id = :tenant order by name")
                .bind("tenant", tenant.value())
                .map(this::map)
                .list();
    }

    private Row map(ResultSet row, StatementContext context) throws SQLException {
        return new Row(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("description"),
                read(row.getString("parameters")),
                row.getString("url"),
                row.getString("header_name"),
                row.getBytes("secret"),
                row.getInt("timeout_seconds"),
                row.getBoolean("high_impact"),
                row.getBoolean("enabled"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"),
                row.getString("created_by"));
    }

    private JsonNode read(String stored) {
        try {
            return json.readTree(stored);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
