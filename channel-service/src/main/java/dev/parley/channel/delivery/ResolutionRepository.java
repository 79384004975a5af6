package dev.parley.channel.delivery;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of sends of which nobody knew what became of them. */
@ApplicationScoped
class ResolutionRepository {
    Optional<Doubtful> lock(Handle handle, TenantId tenant, UUID operation, int part) {
        return handle.createQuery("""
                        select s.id, s.message_id, s.conversation_id, s.state, s.part_no = s.parts as last, c.channel,
                               coalesce(o.agent, c.agent) as agent
                          from send_intent s
                          join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
                          left join operation o on o.tenant_id = s.tenant_id and o.id = s.operation_id
                         where s.tenant_id = :tenant and s.operation_id = :operation and s.part_no = :part
                           for update of s
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("part", part)
                .map((rs, context) -> new Doubtful(
                        rs.getObject("id", UUID.class),
                        rs.getObject("message_id", UUID.class),
                        rs.getObject("conversation_id", UUID.class),
                        SendState.valueOf(rs.getString("state")),
                        rs.getBoolean("last"),
                        rs.getString("channel"),
                        rs.getString("agent")))
                .findOne();
    }

    /**
     * Ends the doubt. What is sent again has all its attempts again, a fence that no earlier sender knows, and the
     * conversation's present epoch: a person decided, whoever speaks there now.
     */
    void resolve(Handle handle, TenantId tenant, UUID id, SendState state, String by) {
        handle.createUpdate("""
                        update send_intent
                           set state = :state, attempts = case :state when 'PENDING' then 0 else attempts end,
                               provider_message_id = case :state when 'PENDING' then null else provider_message_id end,
                               epoch = (select c.epoch from conversation c
                                         where c.tenant_id = :tenant and c.id = send_intent.conversation_id),
                               fence = fence + 1, due_at = now(), last_error = :by, updated_at = now()
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("state", state.name())
                .bind("by", by)
                .execute();
    }

    /** A send, and whose it is. */
    record Doubtful(
            UUID id, UUID message, UUID conversation, SendState state, boolean last, String channel, String agent) {}
}
