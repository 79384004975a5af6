package dev.parley.agent.prompt.split;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

@ApplicationScoped
class ExperimentRepository {
    private final ObjectMapper json;

    ExperimentRepository(ObjectMapper json) {
        this.json = json;
    }

    /** False when another experiment of the agent runs. */
    boolean insert(
            Handle handle,
            UUID agentId,
            UUID id,
            String name,
            List<Arm> arms,
            List<Guard> guards,
            int minimumSample,
            String actor) {
        return handle.createUpdate("""
                        insert into experiment (agent_id, id, name, arms, guards, minimum_sample, created_by)
                        values (:agent, :id, :name, cast(:arms as jsonb), cast(:guards as jsonb), :sample, :actor)
                        on conflict (agent_id) where status = 'running' do nothing
                        """)
                        .bind("agent", agentId)
                        .bind("id", id)
                        .bind("name", name)
                        .bind("arms", write(arms))
                        .bind("guards", write(guards))
                        .bind("sample", minimumSample)
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    void end(Handle handle, UUID agentId, UUID id, String status, String reason, Integer winner, String actor) {
        handle.createUpdate("""
                        update experiment set status = :status, reason = :reason, winner = :winner, ended_at = now(),
                               ended_by = :actor, updated_at = now()
                        where agent_id = :agent and id = :id and status = 'running'
                        """)
                .bind("agent", agentId)
                .bind("id", id)
                .bind("status", status)
                .bind("reason", reason)
                .bind("winner", winner)
                .bind("actor", actor)
                .execute();
    }

    Optional<Experiment> find(Handle handle, UUID agentId, UUID id) {
        return handle.createQuery("select * from experiment where agent_id = :agent and id = :id")
                .bind("agent", agentId)
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    Optional<Experiment> running(Handle handle, UUID agentId) {
        return handle.createQuery("select * from experiment where agent_id = :agent and status = 'running'")
                .bind("agent", agentId)
                .map(this::map)
                .findOne();
    }

    List<Experiment> running(Handle handle) {
        return handle.createQuery("select * from experiment where status = 'running' order by agent_id")
                .map(this::map)
                .list();
    }

    /** Newest first, after a position. */
    List<Experiment> list(Handle handle, UUID agentId, UUID before, int limit) {
        return handle.createQuery("""
                        select * from experiment
                        where agent_id = :agent and (cast(:before as uuid) is null or id < cast(:before as uuid))
                        order by id desc limit :limit
                        """)
                .bind("agent", agentId)
                .bind("before", before)
                .bind("limit", limit)
                .map(this::map)
                .list();
    }

    private Experiment map(ResultSet row, StatementContext context) throws SQLException {
        return new Experiment(
                row.getObject("id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getString("name"),
                row.getString("status"),
                read(row.getString("arms"), new TypeReference<>() {}),
                read(row.getString("guards"), new TypeReference<>() {}),
                row.getInt("minimum_sample"),
                row.getString("reason"),
                row.getObject("winner", Integer.class),
                Columns.instant(row, "created_at"),
                row.getString("created_by"),
                Columns.instant(row, "ended_at"),
                row.getString("ended_by"));
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private <T> T read(String value, TypeReference<T> type) {
        try {
            return json.readValue(value, type);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
