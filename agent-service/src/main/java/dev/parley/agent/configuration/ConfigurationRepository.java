package dev.parley.agent.configuration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class ConfigurationRepository {
    private final ObjectMapper json;

    ConfigurationRepository(ObjectMapper json) {
        this.json = json;
    }

    void put(Handle handle, TenantId tenant, UUID agentId, Configuration content, String actor) {
        handle.createUpdate("""
                        insert into agent_configuration (tenant_id, agent_id, content, updated_by)
                        values (:tenant, :agent, cast(:content as jsonb), :actor)
                        on conflict (tenant_id, agent_id) do update
                        set content = excluded.content, updated_by = excluded.updated_by, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("agent", agentId)
                .bind("content", write(content))
                .bind("actor", actor)
                .execute();
    }

    Optional<StoredConfiguration> find(Handle handle, TenantId tenant, UUID agentId) {
        return handle.createQuery("select * from agent_configuration where tenant_id = :tenant and agent_id = :agent")
                .bind("tenant", tenant.value())
                .bind("agent", agentId)
                .map(this::map)
                .findOne();
    }

    private StoredConfiguration map(ResultSet row, StatementContext context) throws SQLException {
        try {
            return new StoredConfiguration(
                    json.readValue(row.getString("content"), Configuration.class),
                    row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                    row.getString("updated_by"));
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }

    private String write(Configuration content) {
        try {
            return json.writeValueAsString(content);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
