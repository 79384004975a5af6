package dev.parley.channel.turn;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What customers are told of closed agents. */
@ApplicationScoped
class ClosedRepository {
    /**
     * Notes that the customer is told of the closed time that ends then; false when that was done before, and the agent
     * did not answer since.
     *
     * @param opensAt null for never
     */
    boolean told(Handle handle, TenantId tenant, UUID conversation, @Nullable Instant opensAt) {
        return handle.createUpdate("""
                        update conversation
                           set closed_told_for = coalesce(cast(:opens as timestamptz), 'infinity'), updated_at = now()
                         where tenant_id = :tenant and id = :conversation
                           and (closed_told_for is distinct from coalesce(cast(:opens as timestamptz), 'infinity')
                                or (select max(a.seq) from message a
                                     where a.tenant_id = :tenant and a.conversation_id = :conversation
                                       and a.role = 'assistant' and a.cancelled_at is null)
                                   > (select max(n.seq) from message n
                                       where n.tenant_id = :tenant and n.conversation_id = :conversation
                                         and n.role = 'notice'))
                        """)
                        .bind("tenant", tenant.value())
                        .bind("conversation", conversation)
                        .bind("opens", opensAt)
                        .execute()
                == 1;
    }

    /** The agent answered since: of the next closed time the customer is told anew, also when it ends at the same time. */
    void forget(Handle handle, TenantId tenant, UUID conversation) {
        handle.createUpdate("""
                        update conversation set closed_told_for = null
                         where tenant_id = :tenant and id = :conversation and closed_told_for is not null
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .execute();
    }

    /** Stores what is said, in a turn of its own: the message that it is said to may be answered yet. */
    void notice(Handle handle, TenantId tenant, UUID conversation, UUID operation, UUID message, String text) {
        handle.createUpdate("""
                        with c as (
                            update conversation set last_seq = last_seq + 1
                             where tenant_id = :tenant and id = :conversation returning last_seq)
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                             created_by)
                        select :tenant, :message, :conversation, c.last_seq, 1, 'notice', :text, :operation, 'parley'
                          from c
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("message", message)
                .bind("text", text)
                .bind("operation", operation)
                .execute();
    }
}
