package dev.parley.agent.run;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

@ApplicationScoped
class MemoryRepository {
    /** A summary as it is sealed. */
    record Row(UUID id, byte[] summary, byte[] until) {}

    /** A transaction of its own, in one round trip: most conversations that are long enough have none yet. */
    Optional<Row> find(Database database, TenantId tenant, String conversationId, String agent) {
        return database.statement(tenant, """
                        select id, summary, until from conversation_memory
                        where tenant_id = ? and conversation_id = ? and agent = ?
                        """)
                .bind(tenant)
                .bindText(conversationId)
                .bindText(agent)
                .first(row -> new Row(row.getObject("id", UUID.class), row.getBytes("summary"), row.getBytes("until")));
    }

    /** Keeps a summary in the place of the one before; it is sealed for its id, so that one changes too. */
    void put(
            Handle handle,
            TenantId tenant,
            UUID id,
            String conversationId,
            String agent,
            byte[] summary,
            byte[] until) {
        handle.createUpdate("""
                        insert into conversation_memory (tenant_id, id, conversation_id, agent, summary, until)
                        values (:tenant, :id, :conversation, :agent, :summary, :until)
                        on conflict (tenant_id, conversation_id, agent) do update
                        set id = excluded.id, summary = excluded.summary, until = excluded.until, updated_at = now()
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("conversation", conversationId)
                .bind("agent", agent)
                .bind("summary", summary)
                .bind("until", until)
                .execute();
    }
}
