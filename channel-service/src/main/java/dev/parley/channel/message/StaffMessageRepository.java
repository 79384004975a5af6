package dev.parley.channel.message;

import dev.parley.channel.message.AdmissionRepository.NewMessage;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of messages that no agent wrote and none answers: those of people, and notices. */
@ApplicationScoped
class StaffMessageRepository {
    /** Stores a message as a turn of its own. */
    Instant insert(Handle handle, TenantId tenant, NewMessage message) {
        return handle.createQuery("""
                        with c as (
                            update conversation set last_seq = last_seq + 1, updated_at = now()
                             where tenant_id = :tenant and id = :conversation returning last_seq)
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, attachments,
                                             operation_id, client_message_id, created_by)
                        select :tenant, :message, :conversation, c.last_seq, 1, 'staff', :text,
                               cast(:attachments as jsonb), :operation, :clientMessageId, :by
                          from c
                        returning created_at
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", message.conversationId())
                .bind("message", message.id())
                .bind("text", message.text())
                .bind(
                        "attachments",
                        message.attachments() == null
                                ? null
                                : message.attachments().toString())
                .bind("operation", message.operationId())
                .bind("clientMessageId", message.clientMessageId())
                .bind("by", message.createdBy())
                .map((rs, context) -> MessageRepository.instant(rs, "created_at"))
                .one();
    }

    /** Stores what Parley itself says to a message, in that message's turn. */
    void notice(Handle handle, TenantId tenant, UUID conversation, long seq, UUID operation, UUID id, String text) {
        handle.createUpdate("""
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                             created_by)
                        values (:tenant, :id, :conversation, :seq, 1, 'notice', :text, :operation, 'parley')
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("conversation", conversation)
                .bind("seq", seq)
                .bind("text", text)
                .bind("operation", operation)
                .execute();
    }

    /** The message that a client sent under that id before. */
    Optional<Known> known(Handle handle, TenantId tenant, UUID conversation, @Nullable String clientMessageId) {
        return handle.createQuery("""
                        select id, text, operation_id, created_at from message
                         where tenant_id = :tenant and conversation_id = :conversation
                           and client_message_id = :client and role = 'staff'
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("client", clientMessageId)
                .map((rs, context) -> new Known(
                        rs.getObject("id", UUID.class),
                        rs.getString("text"),
                        rs.getObject("operation_id", UUID.class),
                        MessageRepository.instant(rs, "created_at")))
                .findOne();
    }

    /** A message that was stored before. */
    record Known(UUID id, String text, UUID operationId, Instant at) {}
}
