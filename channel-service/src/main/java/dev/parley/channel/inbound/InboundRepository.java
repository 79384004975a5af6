package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.channel.adapter.InboundMessage;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** What messengers told us, with the contact, conversation, message and operation that it makes. */
@ApplicationScoped
class InboundRepository {
    private static final String RECEIVE = """
            with e as (
                insert into inbound_event (tenant_id, channel_account_id, event_id, kind)
                values (:tenant, :account, :event, :kind)
                on conflict do nothing
                returning event_id
            ), p as (
                insert into contact (tenant_id, id, channel, channel_account_id, external_id, display_name, username,
                                     language)
                select :tenant, :contact, :channel, :account, :sender, :name, :username, :language from e
                on conflict (tenant_id, channel_account_id, external_id) do update
                    set display_name = excluded.display_name, username = excluded.username,
                        language = excluded.language, updated_at = now()
                returning id
            ), c as (
                insert into conversation (tenant_id, id, agent, channel, thread_key, channel_account_id, contact_id,
                                          recipient, last_seq, last_inbound_at, created_by)
                select :tenant, :conversation, :agent, :channel, :thread, :account, p.id, :recipient, 1, :providerAt,
                       :by
                  from p
                on conflict (tenant_id, thread_key) do update
                    set last_seq = conversation.last_seq + 1, agent = excluded.agent,
                        last_inbound_at = greatest(conversation.last_inbound_at, excluded.last_inbound_at),
                        updated_at = now()
                returning id, last_seq
            ), m as (
                insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id, provider_at,
                                     provider_order, created_by)
                select :tenant, :message, c.id, c.last_seq, 0, 'user', :text, :operation, :providerAt, :providerOrder,
                       :by
                  from c
                returning id, conversation_id, created_at
            ), o as (
                insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, state, due_at,
                                       created_by)
                select :tenant, :operation, m.conversation_id, m.id, :channel, :agent, 'QUEUED',
                       now() + make_interval(secs => :patience), :by
                  from m
            )
            select m.conversation_id, m.created_at from m
            """;

    /** Stores a message with all that it brings; empty when its event was stored before. */
    Optional<Received> receive(
            Handle handle,
            AccountRoute route,
            InboundEvent.Message event,
            String text,
            UUID message,
            UUID operation,
            Fresh ids) {
        InboundMessage inbound = event.message();
        return handle.createQuery(RECEIVE)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("event", event.id())
                .bind("kind", event.kind())
                .bind("contact", ids.contact())
                .bind("channel", route.channel())
                .bind("sender", inbound.sender().id())
                .bind("name", inbound.sender().displayName())
                .bind("username", inbound.sender().username())
                .bind("language", inbound.sender().language())
                .bind("conversation", ids.conversation())
                .bind("agent", route.agent())
                .bind("thread", route.accountId() + ":" + inbound.thread())
                .bind("recipient", inbound.thread())
                .bind("message", message)
                .bind("text", text)
                .bind("operation", operation)
                .bind("providerAt", inbound.sentAt())
                .bind("providerOrder", inbound.order())
                .bind("patience", ids.patienceSeconds())
                .bind("by", route.channel() + ":" + inbound.sender().id())
                .map((rs, context) -> new Received(
                        rs.getObject("conversation_id", UUID.class),
                        rs.getObject("created_at", OffsetDateTime.class).toInstant()))
                .findOne();
    }

    /** Stores an event that nobody answers; false when it was stored before. */
    boolean note(Handle handle, AccountRoute route, InboundEvent event, String raw) {
        return handle.createUpdate("""
                        insert into inbound_event (tenant_id, channel_account_id, event_id, kind, raw)
                        values (:tenant, :account, :event, :kind, :raw)
                        on conflict do nothing
                        """)
                        .bind("tenant", route.tenant().value())
                        .bind("account", route.accountId())
                        .bind("event", event.id())
                        .bind("kind", event.kind())
                        .bind("raw", raw)
                        .execute()
                == 1;
    }

    /** Ids for what may not exist yet, and how long the ordered path has before the sweeper helps. */
    record Fresh(UUID contact, UUID conversation, double patienceSeconds) {}

    /** A stored message. */
    record Received(UUID conversationId, java.time.Instant at) {}
}
