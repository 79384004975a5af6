package dev.parley.agent.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
    record Activation(int seq, int number, UUID id, Duration age) {}

    /** A version that answers now, and the id of its activation. */
    record OnDuty(UUID activationId, PromptVersion version) {}

    /** Takes the lock that puts all changes of one tenant's versions of one agent in a row. */
    void lock(Handle handle, TenantId owner, UUID agentId) {
        handle.createQuery("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                .bind("name", "prompt-versions/" + owner + "/" + agentId)
                .mapTo(String.class)
                .one();
    }

    int nextNumber(Handle handle, TenantId owner, UUID agentId) {
        return handle.createQuery("""
                        select coalesce(max(number), 0) + 1 from prompt_version where tenant_id = :owner and agent_id = :agent
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .mapTo(Integer.class)
                .one();
    }

    void insert(
            Handle handle,
            TenantId owner,
            UUID agentId,
            int number,
            UUID id,
            PromptVersionRequest content,
            String provider,
            String actor) {
        bindContent(handle.createUpdate("""
                                insert into prompt_version (tenant_id, agent_id, number, id, system_prompt, provider, model, temperature,
                                                            max_tokens, variables, created_by)
                                values (:owner, :agent, :number, :id, :systemPrompt, :provider, :model, :temperature,
                                        :maxTokens, cast(:variables as jsonb), :actor)
                                """), content, provider)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .bind("id", id)
                .bind("actor", actor)
                .execute();
    }

    void updateContent(
            Handle handle, TenantId owner, UUID agentId, int number, PromptVersionRequest content, String provider) {
        bindContent(handle.createUpdate("""
                                update prompt_version set system_prompt = :systemPrompt, provider = :provider, model = :model,
                                       temperature = :temperature, max_tokens = :maxTokens,
                                       variables = cast(:variables as jsonb), updated_at = now()
                                where tenant_id = :owner and agent_id = :agent and number = :number
                                """), content, provider)
                .bind("owner", owner.value())
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

    Optional<PromptVersion> find(Handle handle, TenantId owner, UUID agentId, int number) {
        return handle.createQuery("""
                        select * from prompt_version where tenant_id = :owner and agent_id = :agent and number = :number
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .map(this::map)
                .findOne();
    }

    /** The owner's active version of an agent, and the activation that brought it on duty. */
    Optional<OnDuty> findActive(Handle handle, TenantId owner, UUID agentId) {
        return handle.createQuery("""
                        select v.*, a.id as activation_id from prompt_version v
                        cross join lateral (select id from prompt_activation p
                            where p.tenant_id = v.tenant_id and p.agent_id = v.agent_id and p.withdrawn_at is null
                            order by p.seq desc limit 1) a
                        where v.tenant_id = :owner and v.agent_id = :agent and v.status = 'active'
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .map((row, context) -> new OnDuty(row.getObject("activation_id", UUID.class), map(row, context)))
                .findOne();
    }

    List<PromptVersion> list(Handle handle, TenantId owner, UUID agentId, int below, int limit) {
        return handle.createQuery("""
                        select * from prompt_version where tenant_id = :owner and agent_id = :agent and number < :below
                        order by number desc limit :limit
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("below", below)
                .bind("limit", limit)
                .map(this::map)
                .list();
    }

    void archiveActive(Handle handle, TenantId owner, UUID agentId) {
        handle.createUpdate("""
                        update prompt_version set status = 'archived', updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and status = 'active'
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .execute();
    }

    void activate(Handle handle, TenantId owner, UUID agentId, int number) {
        handle.createUpdate("""
                        update prompt_version set status = 'active', activated_at = now(), updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and number = :number
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .execute();
    }

    /** Moves a version from one status to another; does nothing when it is in a third. */
    void mark(Handle handle, TenantId owner, UUID agentId, int number, String from, String to) {
        handle.createUpdate("""
                        update prompt_version set status = :to, updated_at = now()
                        where tenant_id = :owner and agent_id = :agent and number = :number and status = :from
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .bind("from", from)
                .bind("to", to)
                .execute();
    }

    void push(Handle handle, TenantId owner, UUID agentId, int number, UUID id, String actor) {
        handle.createUpdate("""
                        insert into prompt_activation (tenant_id, agent_id, seq, number, id, activated_by)
                        select :owner, :agent, coalesce(max(seq), 0) + 1, :number, :id, :actor from prompt_activation
                        where tenant_id = :owner and agent_id = :agent
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("number", number)
                .bind("id", id)
                .bind("actor", actor)
                .execute();
    }

    /** The current activation and the one before it, newest first. */
    List<Activation> topTwo(Handle handle, TenantId owner, UUID agentId) {
        return handle.createQuery("""
                        select seq, number, id, extract(epoch from now() - activated_at) as age from prompt_activation
                        where tenant_id = :owner and agent_id = :agent and withdrawn_at is null
                        order by seq desc limit 2
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .map((row, context) -> new Activation(
                        row.getInt("seq"),
                        row.getInt("number"),
                        row.getObject("id", UUID.class),
                        Duration.ofMillis((long) (row.getDouble("age") * 1000))))
                .list();
    }

    /** Whether that actor took an activation back within that time. */
    boolean withdrawnBy(Handle handle, TenantId owner, UUID agentId, String actor, Duration within) {
        return handle.createQuery("""
                        select exists (select from prompt_activation
                            where tenant_id = :owner and agent_id = :agent and withdrawn_by = :actor
                              and withdrawn_at > now() - :within * interval '1 second')
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("actor", actor)
                .bind("within", within.toSeconds())
                .mapTo(Boolean.class)
                .one();
    }

    void withdraw(Handle handle, TenantId owner, UUID agentId, int seq, String actor) {
        handle.createUpdate("""
                        update prompt_activation set withdrawn_at = now(), withdrawn_by = :actor
                        where tenant_id = :owner and agent_id = :agent and seq = :seq
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("seq", seq)
                .bind("actor", actor)
                .execute();
    }

    /** Empties the stack of activations. */
    void withdrawAll(Handle handle, TenantId owner, UUID agentId, String actor) {
        handle.createUpdate("""
                        update prompt_activation set withdrawn_at = now(), withdrawn_by = :actor
                        where tenant_id = :owner and agent_id = :agent and withdrawn_at is null
                        """)
                .bind("owner", owner.value())
                .bind("agent", agentId)
                .bind("actor", actor)
                .execute();
    }

    private PromptVersion map(ResultSet row, StatementContext context) throws SQLException {
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
                Columns.instant(row, "activated_at"));
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
