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

    /**
     * Keeps a summary in the place of the one that it was written from; it is sealed for its id, so that one changes too.
     * False when another was kept since: that one stays.
     *
     * @param before the id of the one that it was written from; null when there was none
     */
    boolean put(
            Handle handle,
            TenantId tenant,
            UUID id,
            UUID before,
            String conversationId,
            String agent,
            byte[] summary,
            byte[] until) {
        return handle.createUpdate("""
                        insert into conversation_memory (tenant_id, id, conversation_id, agent, summary, until)
                        values (:tenant, :id, :conversation, :agent, :summary, :until)
                        on conflict (tenant_id, conversation_id, agent) do update
                        set id = excluded.id, summary = excluded.summary, until = excluded.until, updated_at = now()
                        where conversation_memory.id = cast(:before as uuid)
                        """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("before", before)
                        .bind("conversation", conversationId)
                        .bind("agent", agent)
                        .bind("summary", summary)
                        .bind("until", until)
                        .execute()
                == 1;
    }
}
