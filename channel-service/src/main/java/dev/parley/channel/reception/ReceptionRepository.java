package dev.parley.channel.reception;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Stores what end customers write, with all that it brings, in one statement: a webhook has no time for more. */
@ApplicationScoped
class ReceptionRepository {
    /**
     * The identity's row is written each time, so that a merge of contacts and a message wait for each other. A new
     * identity is the person whose number it shows, or a new one; its row says which of two first messages won. A
     * conversation is its person's; a group's is nobody's.
     */
    private static final String RECEIVE = """
            with e as (
                insert into inbound_event (tenant_id, channel_account_id, event_id, kind)
                values (:tenant, :account, :event, :kind)
                on conflict do nothing
                returning event_id
            ), known as (
                select contact_id from contact_identity
                 where tenant_id = :tenant and channel_account_id = :account and external_id = :sender
            ), p as (
                insert into contact (tenant_id, id, display_name, language, phone, phone_raw)
                select :tenant, :contact, :name, :language, :phone, :phoneRaw from e
                 where cast(:phone as text) is not null and not exists (select from known)
                on conflict (tenant_id, phone) where phone is not null do update set updated_at = now()
                returning id
            ), i as (
                insert into contact_identity (tenant_id, channel_account_id, external_id, channel, contact_id,
                                              display_name, username, language)
                select :tenant, :account, :sender, :channel, coalesce((select id from p), :contact), :name, :username,
                       :language
                  from e
                on conflict (tenant_id, channel_account_id, external_id) do update
                    set display_name = excluded.display_name, username = excluded.username,
                        language = excluded.language, updated_at = now()
                returning contact_id
            ), n as (
                insert into contact (tenant_id, id, display_name, language, phone_raw)
                select :tenant, :contact, :name, :language, :phoneRaw from i
                 where i.contact_id = :contact and not exists (select from p)
            ), c as (
                insert into conversation (tenant_id, id, agent, channel, thread_key, channel_account_id, contact_id,
                                          recipient, last_seq, last_inbound_at, created_by)
                select :tenant, :conversation, :agent, :channel, :thread, :account,
                       case when :alone then i.contact_id end, :recipient, 1, :providerAt, :by
                  from i
                on conflict (tenant_id, thread_key) do update
                    set last_seq = conversation.last_seq + 1, agent = excluded.agent,
                        contact_id = excluded.contact_id, recipient = excluded.recipient,
                        last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at),
                        updated_at = now()
                returning id, last_seq, owner = 'waiting' as waiting,
                          owner = 'waiting' or owner = 'staff' and owner_until > now() as staffed
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, provider_at,
                                     provider_order, created_by)
                select :tenant, :message, c.id, c.last_seq, 0, 'user', :text, :operation, :providerAt, :providerOrder,
                       :by
                  from c
                returning id, conversation_id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, state, due_at,
                                       finished_at, created_by)
                select :tenant, :operation, m.conversation_id, m.id, :channel, :agent,
                       case when c.staffed then 'HELD_BY_STAFF' else 'QUEUED' end,
                       now() + make_interval(secs => :patience), case when c.staffed then now() end, :by
                  from m, c
            )
            select m.conversation_id, m.created_at, c.last_seq, i.contact_id, k.opted_out_at is not null as opted_out,
                   c.waiting, coalesce(k.language, :language) as language
              from m cross join c cross join i
              left join contact k on k.tenant_id = :tenant and k.id = i.contact_id
            """;

    /**
     * Stores a message; empty when its event was stored before.
     *
     * @param thread the key of its conversation
     * @param phone the sender's number in E.164; null when the vendor shows none
     * @param patienceSeconds how long the ordered path has before the sweeper helps
     */
    Optional<Received> receive(
            Handle handle,
            AccountRoute route,
            InboundEvent.Message event,
            String thread,
            String text,
            @Nullable String phone,
            UUID message,
            UUID operation,
            double patienceSeconds) {
        InboundMessage inbound = event.message();
        return handle.createQuery(RECEIVE)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("event", event.id())
                .bind("kind", event.kind())
                .bind("contact", Ids.next())
                .bind("channel", route.channel())
                .bind("sender", inbound.sender().id())
                .bind("name", inbound.sender().displayName())
                .bind("username", inbound.sender().username())
                .bind("language", inbound.sender().language())
                .bind("phone", phone)
                .bind("phoneRaw", inbound.sender().phone())
                .bind("conversation", Ids.next())
                .bind("agent", route.agent())
                .bind("alone", inbound.alone())
                .bind("thread", thread)
                .bind("recipient", inbound.recipient())
                .bind("message", message)
                .bind("text", text)
                .bind("operation", operation)
                .bind("providerAt", inbound.sentAt())
                .bind("providerOrder", inbound.order())
                .bind("patience", patienceSeconds)
                .bind("by", writer(route, inbound))
                .map((rs, context) -> new Received(
                        rs.getObject("conversation_id", UUID.class),
                        rs.getLong("last_seq"),
                        rs.getObject("contact_id", UUID.class),
                        rs.getBoolean("opted_out"),
                        rs.getBoolean("waiting"),
                        rs.getString("language"),
                        rs.getObject("created_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    /** Ends one operation without an answer. */
    void refuse(Handle handle, TenantId tenant, UUID operation, String code) {
        end(handle, tenant, operation, "REFUSED", code);
    }

    /** Ends whatever waits for an answer to that person: in its own conversations, and what it wrote in this one. */
    void refuseOpen(Handle handle, TenantId tenant, UUID contact, UUID conversation, String writer, String code) {
        handle.createUpdate("""
                        update operation
                           set state = 'REFUSED', problem_code = :code, finished_at = clock_timestamp(),
                               updated_at = now()
                         where tenant_id = :tenant and state in ('QUEUED', 'RUNNING')
                           and (conversation_id in (select id from conversation
                                                     where tenant_id = :tenant and contact_id = :contact)
                                or conversation_id = :conversation and created_by = :writer)
                        """)
                .bind("tenant", tenant.value())
                .bind("contact", contact)
                .bind("conversation", conversation)
                .bind("writer", writer)
                .bind("code", code)
                .execute();
    }

    /** Ends an operation to which Parley itself has the answer. */
    void handled(Handle handle, TenantId tenant, UUID operation, String code) {
        end(handle, tenant, operation, "HANDLED", code);
    }

    private static void end(Handle handle, TenantId tenant, UUID operation, String state, String code) {
        handle.createUpdate("""
                        update operation
                           set state = :state, problem_code = :code, finished_at = clock_timestamp(),
                               updated_at = now()
                         where tenant_id = :tenant and id = :operation
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("state", state)
                .bind("code", code)
                .execute();
    }

    /** A turn of its own for what is said beside a message that is answered later, by a person or the bot. */
    long nextTurn(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        update conversation set last_seq = last_seq + 1
                         where tenant_id = :tenant and id = :conversation returning last_seq
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(Long.class)
                .one();
    }

    /** Stores what Parley itself says, in that turn. */
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

    /** Who wrote, as rows call that person. */
    static String writer(AccountRoute route, InboundMessage message) {
        return route.channel() + ":" + message.sender().id();
    }

    /**
     * A stored message.
     *
     * @param optedOut whether its contact had opted out before it came
     * @param waiting whether its conversation waits for a person
     */
    record Received(
            UUID conversationId,
            long seq,
            UUID contact,
            boolean optedOut,
            boolean waiting,
            @Nullable String language,
            Instant at) {}
}
