package dev.parley.channel.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.turn.NewMessage;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of what people write to customers. */
@ApplicationScoped
class StaffMessageRepository {
    private final ObjectMapper json;

    StaffMessageRepository(ObjectMapper json) {
        this.json = json;
    }

    /** Stores a message as a turn of its own. */
    Instant insert(
            Handle handle,
            TenantId tenant,
            NewMessage message,
            @Nullable JsonNode buttons,
            @Nullable JsonNode template) {
        return handle.createQuery("""
                        with c as (
                            update conversation set last_seq = last_seq + 1, updated_at = now()
                             where tenant_id = :tenant and id = :conversation returning last_seq)
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, attachments,
                                             operation_id, client_message_id, buttons, template, created_by)
                        select :tenant, :message, :conversation, c.last_seq, 1, 'staff', :text,
                               cast(:attachments as jsonb), :operation, :clientMessageId,
                               cast(:buttons as jsonb), cast(:template as jsonb), :by
                          from c
                        returning created_at
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", message.conversationId())
                .bind("message", message.id())
                .bind("text", message.text())
                .bind("attachments", message.storedAttachments())
                .bind("operation", message.operationId())
                .bind("clientMessageId", message.clientMessageId())
                .bind("buttons", buttons == null ? null : buttons.toString())
                .bind("template", template == null ? null : template.toString())
                .bind("by", message.createdBy())
                .map((rs, context) ->
                        rs.getObject("created_at", OffsetDateTime.class).toInstant())
                .one();
    }

    /** Notes the price of a message, in its transaction; it is due when whoever wrote it has had its time to settle. */
    void insertCharge(Handle handle, TenantId tenant, StaffCharge charge, String by, Duration patience) {
        handle.createUpdate("""
                        insert into staff_charge (tenant_id, operation_id, conversation_id, agent, channel, user_id, hold,
                                                  due_at, created_by)
                        values (:tenant, :operation, :conversation, :agent, :channel, :user, :hold,
                                now() + make_interval(secs => :patience), :by)
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", charge.operation())
                .bind("conversation", charge.conversation())
                .bind("agent", charge.agent())
                .bind("channel", charge.channel())
                .bind("user", charge.user())
                .bind("hold", charge.hold())
                .bind("patience", Columns.seconds(patience))
                .bind("by", by)
                .execute();
    }

    /** Prices of any tenant that are not booked yet; needs the relay role. */
    List<Due> dueCharges(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                        select tenant_id, operation_id from staff_charge where due_at <= now() order by due_at limit :limit
                        """)
                .bind("limit", limit)
                .map((rs, context) -> new Due(
                        new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("operation_id", UUID.class)))
                .list();
    }

    /** Takes one for this thread alone until it is due again; empty when another was faster. */
    Optional<Claimed> claimCharge(Handle handle, TenantId tenant, UUID operation, Duration patience) {
        return handle.createQuery("""
                        update staff_charge c set due_at = now() + make_interval(secs => :patience), updated_at = now()
                         where tenant_id = :tenant and operation_id = :operation and due_at <= now()
                        returning operation_id, conversation_id, agent, channel, user_id, hold,
                                  coalesce((select case when s.attempts > 0 then 'RENDERED'
                                                        when s.state = 'PENDING' then 'AWAITED' else 'NEVER' end
                                              from send_intent s
                                             where s.tenant_id = c.tenant_id and s.operation_id = c.operation_id
                                               and s.purpose = 'code'), 'RENDERED') as service
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("patience", Columns.seconds(patience))
                .map((rs, context) -> new Claimed(charge(rs), Service.valueOf(rs.getString("service"))))
                .findOne();
    }

    Optional<StaffCharge> findCharge(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select operation_id, conversation_id, agent, channel, user_id, hold from staff_charge
                         where tenant_id = :tenant and operation_id = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> charge(rs))
                .findOne();
    }

    void deleteCharge(Handle handle, TenantId tenant, UUID operation) {
        handle.createUpdate("delete from staff_charge where tenant_id = :tenant and operation_id = :operation")
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .execute();
    }

    /** Whom a person would speak to there, and by what. */
    Optional<Opening> open(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select c.agent, c.channel, c.channel_account_id is not null as on_messenger,
                               k.opted_out_at is not null as opted_out, c.last_inbound_at
                          from conversation c
                          left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
                         where c.tenant_id = :tenant and c.id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((rs, context) -> new Opening(
                        rs.getString("agent"),
                        rs.getString("channel"),
                        rs.getBoolean("on_messenger"),
                        rs.getBoolean("opted_out"),
                        Columns.instant(rs, "last_inbound_at"),
                        null))
                .findOne();
    }

    /** The message that a client sent under that id before. */
    Optional<Known> known(Handle handle, TenantId tenant, UUID conversation, @Nullable String clientMessageId) {
        return handle.createQuery("""
                        select id, role = 'staff' as by_staff, text, attachments, buttons, template, operation_id,
                               created_at
                          from message
                         where tenant_id = :tenant and conversation_id = :conversation
                           and client_message_id = :client
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("client", clientMessageId)
                .map((rs, context) -> new Known(
                        rs.getObject("id", UUID.class),
                        rs.getBoolean("by_staff"),
                        rs.getString("text"),
                        json(rs.getString("attachments")),
                        json(rs.getString("buttons")),
                        json(rs.getString("template")),
                        rs.getObject("operation_id", UUID.class),
                        rs.getObject("created_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    private @Nullable JsonNode json(@Nullable String text) {
        try {
            return text == null ? null : json.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("the database holds malformed JSON", impossible);
        }
    }

    private static StaffCharge charge(ResultSet rs) throws SQLException {
        return new StaffCharge(
                rs.getObject("operation_id", UUID.class),
                rs.getObject("conversation_id", UUID.class),
                rs.getString("agent"),
                rs.getString("channel"),
                rs.getString("user_id"),
                rs.getString("hold"));
    }

    /**
     * What there is to know before a person speaks.
     *
     * @param lastInbound when the customer wrote last, by the vendor's clock; null when never
     * @param known the message, when it is stored already
     */
    record Opening(
            String agent,
            String channel,
            boolean onMessenger,
            boolean optedOut,
            @Nullable Instant lastInbound,
            @Nullable StaffMessage known) {
        Opening knowing(@Nullable StaffMessage message) {
            return new Opening(agent, channel, onMessenger, optedOut, lastInbound, message);
        }
    }

    /** What became of what is to be paid for: only a code has still to be sent, and may never be. */
    enum Service {
        RENDERED,
        AWAITED,
        NEVER
    }

    /** A price that is this thread's to end. */
    record Claimed(StaffCharge charge, Service service) {}

    /** A price to be booked. */
    record Due(TenantId tenant, UUID operation) {}

    /**
     * A message that was stored before.
     *
     * @param byStaff whether a person of the tenant wrote it; the customer's app chooses ids too
     */
    record Known(
            UUID id,
            boolean byStaff,
            String text,
            @Nullable JsonNode attachments,
            @Nullable JsonNode buttons,
            @Nullable JsonNode template,
            UUID operationId,
            Instant at) {}
}
