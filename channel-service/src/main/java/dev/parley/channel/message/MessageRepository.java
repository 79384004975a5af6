package dev.parley.channel.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.turn.MessageView;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of messages as people read them. */
@ApplicationScoped
class MessageRepository {
    private final ObjectMapper json;

    MessageRepository(ObjectMapper json) {
        this.json = json;
    }

    List<Position> list(Handle handle, TenantId tenant, UUID conversation, long beforeSeq, int beforePart, int limit) {
        return handle.createQuery("""
            select m.id, m.conversation_id, m.seq, m.part, m.role, m.text, m.operation_id,
                               coalesce(m.attachments,
                                        (select jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                                                    'type', split_part(coalesce(d.media_type, 'unknown'), '/', 1),
                                                    'url', '/api/v1/media/' || d.id, 'media_type', d.media_type,
                                                    'file_name', d.file_name, 'state', lower(d.state))) order by d.id)
                                           from media d
                                          where d.tenant_id = m.tenant_id and d.message_id = m.id)) as attachments,
                   m.client_message_id, m.prompt_version, m.prompt_version_id, m.finish_reason, m.approved_by, m.buttons, m.template,
                   m.created_at,
                   case when m.part = 0 then lower(o.state)
                                    when s.state = 'SENT' then coalesce(m.delivery, 'sent')
                                    else lower(s.state) end as status
              from message m
              left join operation o on o.tenant_id = m.tenant_id and o.id = m.operation_id and m.part = 0
              left join lateral (
                  select case when bool_or(state = 'FAILED') then 'FAILED'
                              when bool_or(state = 'AMBIGUOUS') then 'AMBIGUOUS'
                              when bool_or(state = 'SENDING') then 'SENDING'
                              when bool_or(state = 'PENDING') then 'PENDING'
                              when bool_or(state = 'HELD') then 'HELD'
                                          when bool_or(state = 'CANCELLED') then 'CANCELLED'
                              when bool_and(state = 'SENT') then 'SENT' end as state
                    from send_intent i
                   where m.part = 1 and i.tenant_id = m.tenant_id and i.operation_id = m.operation_id) s
                on true
             where m.tenant_id = :tenant and m.conversation_id = :conversation
               and (m.seq, m.part) < (:seq, :part)
             order by m.seq desc, m.part desc limit :limit
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("seq", beforeSeq)
                .bind("part", beforePart)
                .bind("limit", limit)
                .map((rs, context) -> new Position(
                        rs.getLong("seq"),
                        rs.getInt("part"),
                        new MessageView(
                                rs.getObject("id", UUID.class),
                                rs.getObject("conversation_id", UUID.class),
                                rs.getString("role"),
                                rs.getString("text"),
                                rs.getObject("created_at", OffsetDateTime.class).toInstant(),
                                rs.getString("status"),
                                rs.getString("client_message_id"),
                                json(rs.getString("attachments")),
                                rs.getObject("operation_id", UUID.class),
                                rs.getObject("prompt_version", Integer.class),
                                rs.getObject("prompt_version_id", UUID.class),
                                rs.getString("finish_reason"),
                                rs.getString("approved_by"),
                                json(rs.getString("buttons")),
                                json(rs.getString("template")))))
                .list();
    }

    private JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }

    /** A listed message and its place. */
    record Position(long seq, int part, MessageView message) {}
}
