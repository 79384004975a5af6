package dev.parley.agent.prompt.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.tenancy.TenantId;
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
class GoldenRepository {
    private final ObjectMapper json;

    GoldenRepository(ObjectMapper json) {
        this.json = json;
    }

    /** All golden conversations of an agent as one fingerprint, and how many there are. */
    record Fingerprint(String hash, int count) {}

    /** Takes the lock that puts all changes of one tenant's golden conversations of one agent in a row. */
    void lock(Handle handle, TenantId owner, UUID agentId) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                .bind("name", "golden-conversations/" + owner + "/" + agentId)
                .mapTo(String.class)
                .one();
    }

    /** False when the name is taken. */
    boolean insert(Handle handle, TenantId owner, UUID agentId, UUID id, GoldenRequest request, String actor) {
        return handle.createUpdate("""
                        insert into golden_conversation (tenant_id, agent_id, id, name, content, created_by, updated_by)
                        values (:owner, :agent, :id, :name, cast(:content as jsonb), :actor, :actor)
                        on conflict (tenant_id, agent_id, name) do nothing
                        """)
                        .bind("owner", owner.value())
                        .bind("agent", agentId)
                        .bind("id", id)
                        .bind("name", request.name().strip())
                        .bind("content", write(request.content()))
                        .bind("actor", actor)
                        .execute()
                == 1;
    }

    void update(Handle handle, TenantId owner, UUID agentId, UUID id, GoldenRequest request, String actor) {
        handle.createUpdate("""
                        update golden_conversation set name = :name, content = cast(:content as jsonb), updated_by = :actor,
                               updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and id = :id
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("id", id)
                .bind("name", request.name().strip())
                .bind("content", write(request.content()))
                .bind("actor", actor)
                .execute();
    }

    void delete(Handle handle, TenantId owner, UUID agentId, UUID id) {
        handle.createUpdate(
                        "delete from golden_conversation where tenant_id = :owner and agent_id = :agent and id = :id")
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("id", id)
                .execute();
    }

    Optional<GoldenConversation> find(Handle handle, TenantId owner, UUID agentId, UUID id) {
        return handle.createQuery(
                        "select * from golden_conversation where tenant_id = :owner and agent_id = :agent and id = :id")
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("id", id)
                .map(this::map)
                .findOne();
    }

    boolean nameTaken(Handle handle, TenantId owner, UUID agentId, String name, UUID butBy) {
        return handle.createQuery("""
                        select exists (select from golden_conversation
                                       where tenant_id = :owner and agent_id = :agent and name = :name and id is distinct from :id)
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("name", name.strip())
                .bind("id", butBy)
                .mapTo(Boolean.class)
                .one();
    }

    List<GoldenConversation> list(Handle handle, TenantId owner, UUID agentId) {
        return handle.createQuery(
                        "select * from golden_conversation where tenant_id = :owner and agent_id = :agent order by name, id")
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .map(this::map)
                .list();
    }

    Fingerprint fingerprint(Handle handle, TenantId owner, UUID agentId) {
        return handle.createQuery("""
                        select count(*) as count, encode(sha256(convert_to(
                                   coalesce(string_agg(cast(id as text) || cast(content as text), '|' order by id), ''), 'UTF8')), 'hex') as hash
                        from golden_conversation where tenant_id = :owner and agent_id = :agent
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .map((row, context) -> new Fingerprint(row.getString("hash"), row.getInt("count")))
                .one();
    }

    private GoldenConversation map(ResultSet row, StatementContext context) throws SQLException {
        GoldenConversation.Content content = read(row.getString("content"));
        return new GoldenConversation(
                row.getObject("id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getString("name"),
                content.turns(),
                content.variables(),
                content.tools(),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                row.getString("updated_by"));
    }

    private String write(GoldenConversation.Content content) {
        try {
            return json.writeValueAsString(content);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private GoldenConversation.Content read(String content) {
        try {
            return json.readValue(content, GoldenConversation.Content.class);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
