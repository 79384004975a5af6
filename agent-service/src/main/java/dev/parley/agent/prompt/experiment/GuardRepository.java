package dev.parley.agent.prompt.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.agent.prompt.split.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class GuardRepository {
    private final ObjectMapper json;

    GuardRepository(ObjectMapper json) {
        this.json = json;
    }

    void put(Handle handle, UUID agentId, GuardRequest request, String actor) {
        handle.createUpdate("""
                        insert into prompt_guard (agent_id, guards, minimum_sample, window_seconds, updated_by)
                        values (:agent, cast(:guards as jsonb), :sample, :window, :actor)
                        on conflict (agent_id) do update set guards = excluded.guards, minimum_sample = excluded.minimum_sample,
                               window_seconds = excluded.window_seconds, updated_by = excluded.updated_by, updated_at = now()
                        """)
                .bind("agent", agentId)
                .bind("guards", write(request.guards()))
                .bind("sample", request.sample())
                .bind("window", request.window())
                .bind("actor", actor)
                .execute();
    }

    void delete(Handle handle, UUID agentId) {
        handle.createUpdate("delete from prompt_guard where agent_id = :agent")
                .bind("agent", agentId)
                .execute();
    }

    Optional<AgentGuard> find(Handle handle, UUID agentId) {
        return handle.createQuery("select * from prompt_guard where agent_id = :agent")
                .bind("agent", agentId)
                .map(this::map)
                .findOne();
    }

    List<AgentGuard> all(Handle handle) {
        return handle.createQuery("select * from prompt_guard order by agent_id")
                .map(this::map)
                .list();
    }

    private AgentGuard map(ResultSet row, StatementContext context) throws SQLException {
        return new AgentGuard(
                row.getObject("agent_id", UUID.class),
                read(row.getString("guards")),
                row.getInt("minimum_sample"),
                row.getInt("window_seconds"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("updated_by"));
    }

    private String write(List<Guard> guards) {
        try {
            return json.writeValueAsString(guards);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<Guard> read(String guards) {
        try {
            return json.readValue(guards, new TypeReference<>() {});
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
