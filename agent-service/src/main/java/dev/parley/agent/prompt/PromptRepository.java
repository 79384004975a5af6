package dev.parley.agent.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.Update;

@ApplicationScoped
class PromptRepository {
    private final ObjectMapper json;

    PromptRepository(ObjectMapper json) {
        this.json = json;
    }

    /** A step down the stack of activations. */
    record Activation(int seq, int number) {}

    int nextNumber(Handle handle, UUID agentId) {
        return handle.createQuery("select coalesce(max(number), 0) + 1 from prompt_version where agent_id = :agent")
                .bind("agent", agentId)
                .mapTo(Integer.class)
                .one();
    }

    void insert(
            Handle handle,
            UUID agentId,
            int number,
            UUID id,
            PromptVersionRequest content,
            String provider,
            String actor) {
        bindContent(handle.createUpdate("""
                                insert into prompt_version (agent_id, number, id, system_prompt, provider, model, temperature,
                                                            max_tokens, variables, created_by)
                                values (:agent, :number, :id, :systemPrompt, :provider, :model, :temperature,
                                        :maxTokens, cast(:variables as jsonb), :actor)
                                """), content, provider)
                .bind("agent", agentId)
                .bind("number", number)
                .bind("id", id)
                .bind("actor", actor)
                .execute();
    }

    void updateContent(Handle handle, UUID agentId, int number, PromptVersionRequest content, String provider) {
        bindContent(handle.createUpdate("""
                                update prompt_version set system_prompt = :systemPrompt, provider = :provider, model = :model,
                                       temperature = :temperature, max_tokens = :maxTokens,
                                       variables = cast(:variables as jsonb), updated_at = now()
                                where agent_id = :agent and number = :number
                                """), content, provider)
                .bind("agent", agentId)
                .bind("number", number)
                .execute();
    }

    private Update bindContent(Update update, PromptVersionRequest content, String provider) {
        return update.bind("systemPrompt", content.systemPrompt())
                .bind("provider", provider)
                .bind("model", content.model())
                .bind("temperature", content.temperature())
                .bind("maxTokens", content.maxTokens())
                .bind("variables", write(content.variables()));
    }

    Optional<PromptVersion> find(Handle handle, UUID agentId, int number) {
        return handle.createQuery("select * from prompt_version where agent_id = :agent and number = :number")
                .bind("agent", agentId)
                .bind("number", number)
                .map(this::map)
                .findOne();
    }

    /** The active version of the agent with that slug, if the agent is not disabled and has one. */
    Optional<PromptVersion> findActive(Handle handle, String slug) {
        return handle.createQuery("""
                        select v.* from agent a join prompt_version v on v.agent_id = a.id and v.status = 'active'
                        where a.slug = :slug and a.status = 'active'
                        """).bind("slug", slug).map(this::map).findOne();
    }

    List<PromptVersion> list(Handle handle, UUID agentId, int below, int limit) {
        return handle.createQuery("""
                        select * from prompt_version where agent_id = :agent and number < :below
                        order by number desc limit :limit
                        """)
                .bind("agent", agentId)
                .bind("below", below)
                .bind("limit", limit)
                .map(this::map)
                .list();
    }

    void archiveActive(Handle handle, UUID agentId) {
        handle.createUpdate("""
                        update prompt_version set status = 'archived', updated_at = now()
                        where agent_id = :agent and status = 'active'
                        """).bind("agent", agentId).execute();
    }

    void activate(Handle handle, UUID agentId, int number) {
        handle.createUpdate("""
                        update prompt_version set status = 'active', activated_at = now(), updated_at = now()
                        where agent_id = :agent and number = :number
                        """).bind("agent", agentId).bind("number", number).execute();
    }

    void push(Handle handle, UUID agentId, int number, String actor) {
        handle.createUpdate("""
                        insert into prompt_activation (agent_id, seq, number, activated_by)
                        select :agent, coalesce(max(seq), 0) + 1, :number, :actor from prompt_activation where agent_id = :agent
                        """)
                .bind("agent", agentId)
                .bind("number", number)
                .bind("actor", actor)
                .execute();
    }

    /** The current activation and the one before it, newest first. */
    List<Activation> topTwo(Handle handle, UUID agentId) {
        return handle.createQuery("""
                        select seq, number from prompt_activation where agent_id = :agent and withdrawn_at is null
                        order by seq desc limit 2
                        """)
                .bind("agent", agentId)
                .map((row, context) -> new Activation(row.getInt("seq"), row.getInt("number")))
                .list();
    }

    void withdraw(Handle handle, UUID agentId, int seq, String actor) {
        handle.createUpdate("""
                        update prompt_activation set withdrawn_at = now(), withdrawn_by = :actor
                        where agent_id = :agent and seq = :seq
                        """)
                .bind("agent", agentId)
                .bind("seq", seq)
                .bind("actor", actor)
                .execute();
    }

    private PromptVersion map(ResultSet row, StatementContext context) throws SQLException {
        OffsetDateTime activatedAt = row.getObject("activated_at", OffsetDateTime.class);
        return new PromptVersion(
                row.getObject("id", UUID.class),
                row.getObject("agent_id", UUID.class),
                row.getInt("number"),
                row.getString("system_prompt"),
                row.getString("provider"),
                row.getString("model"),
                row.getObject("temperature", Double.class),
                row.getObject("max_tokens", Integer.class),
                read(row.getString("variables")),
                row.getString("status"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"),
                activatedAt == null ? null : activatedAt.toInstant());
    }

    private String write(JsonNode variables) {
        return variables == null || variables.isNull() ? "{}" : variables.toString();
    }

    private JsonNode read(String variables) {
        try {
            return json.readTree(variables);
        } catch (JsonProcessingException corrupt) {
            throw new IllegalStateException(corrupt);
        }
    }
}
