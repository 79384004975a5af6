package dev.parley.channel.delivery;

import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** How far sends have come. Whatever the order in which vendors tell it, the furthest counts. */
@ApplicationScoped
class StatusRepository {
    /** A failure is beaten by the proof of the opposite, and by nothing less. */
    private static final String ORDER = "array['sent', 'failed', 'delivered', 'read']";

    private static final String FURTHER = """
            with s as (
                update send_intent
                   set delivery = :delivery, delivery_at = :at, delivery_error = :error, updated_at = now()
                 where tenant_id = :tenant and channel_account_id = :account and provider_message_id = :provider
                   and coalesce(array_position(ORDER, delivery), 0) < array_position(ORDER, cast(:delivery as text))
                returning id, message_id, operation_id, conversation_id
            ), least as (
                select s.message_id,
                       bool_or(case when i.id = s.id then :delivery else i.delivery end = 'failed') as failed,
                       min(coalesce(array_position(ORDER, case when i.id = s.id then :delivery else i.delivery end), 0))
                           as place
                  from s
                  join send_intent i on i.tenant_id = :tenant and i.operation_id = s.operation_id and i.state <> 'CANCELLED'
                   and i.part_no > 0
                 group by s.message_id
            ), m as (
                update message
                   set delivery = case when least.failed then 'failed' else (ORDER)[least.place] end, updated_at = now()
                  from least
                 where message.tenant_id = :tenant and message.id = least.message_id
                   and (least.failed or least.place > 0)
                   and message.delivery is distinct from
                       case when least.failed then 'failed' else (ORDER)[least.place] end
                returning message.id, message.delivery
            )
            select s.message_id, s.operation_id, s.conversation_id, c.channel, coalesce(o.agent, c.agent) as agent,
                   m.delivery
              from s
              join conversation c on c.tenant_id = :tenant and c.id = s.conversation_id
              left join operation o on o.tenant_id = :tenant and o.id = s.operation_id
              left join m on m.id = s.message_id
            """.replace("ORDER", ORDER);

    /**
     * Notes a status that is further than what is known; empty when it is not, or when nothing was sent by that id. Two
     * statuses of one message are noted one after the other: each has to see how far the other's part has come.
     */
    Optional<Reached> note(Handle handle, TenantId tenant, UUID account, InboundEvent.Status status) {
        boolean known = handle.createQuery("""
                        select m.id from message m
                          join send_intent s on s.tenant_id = m.tenant_id and s.message_id = m.id
                         where s.tenant_id = :tenant and s.channel_account_id = :account
                           and s.provider_message_id = :provider
                           for no key update of m
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", status.providerMessageId())
                .mapTo(UUID.class)
                .findFirst()
                .isPresent();
        if (!known) {
            return Optional.empty();
        }
        return handle.createQuery(FURTHER)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", status.providerMessageId())
                .bind("delivery", stored(status.status()))
                .bind("at", status.at())
                .bind("error", status.error())
                .map((rs, context) -> reached(rs))
                .findOne();
    }

    /**
     * Notes that the vendor took a send under its own id; whoever doubted whether it did, or would have sent it again,
     * knows now. Present when that ends the message's last part.
     */
    Optional<Reached> adopt(Handle handle, TenantId tenant, UUID account, UUID send, String providerMessageId) {
        return handle.createQuery("""
                        with taken as (
                            update send_intent
                               set provider_message_id = :provider, updated_at = now(),
                                   state = case when state in ('AMBIGUOUS', 'PENDING') then 'SENT' else state end
                             where tenant_id = :tenant and id = :send and channel_account_id = :account
                               and provider_message_id is null
                            returning message_id, operation_id, conversation_id,
                                      old.state <> new.state and part_no = parts as ended)
                        select s.message_id, s.operation_id, s.conversation_id, c.channel,
                               coalesce(o.agent, c.agent) as agent, 'sent' as delivery
                          from taken s
                          join conversation c on c.tenant_id = :tenant and c.id = s.conversation_id
                          left join operation o on o.tenant_id = :tenant and o.id = s.operation_id
                         where s.ended
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("send", send)
                .bind("provider", providerMessageId)
                .map((rs, context) -> reached(rs))
                .findOne();
    }

    /**
     * Holds a message that the vendor took and then refused because the customer wrote too long ago, and believes the
     * vendor in that; empty when the customer has it, nothing was sent by that id, or it was a code, which is over by then.
     */
    Optional<UUID> holdAgain(
            Handle handle, TenantId tenant, UUID account, InboundEvent.Status status, Duration longest) {
        return handle.createQuery("""
                        with held as (
                            update send_intent
                               set state = 'HELD', provider_message_id = null, last_error = :error,
                                   due_at = now() + make_interval(secs => :longest), first_attempted_at = null,
                                   updated_at = now()
                             where tenant_id = :tenant and channel_account_id = :account
                               and provider_message_id = :provider and state = 'SENT' and purpose <> 'code'
                               and coalesce(delivery, 'sent') = 'sent'
                            returning id, conversation_id, attempted_at
                        ), closed as (
                            update conversation c set last_inbound_at = null, updated_at = now()
                              from held
                             where c.tenant_id = :tenant and c.id = held.conversation_id
                               and c.last_inbound_at <= held.attempted_at
                        )
                        select id from held
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", status.providerMessageId())
                .bind("error", status.error())
                .bind("longest", longest.toSeconds())
                .mapTo(UUID.class)
                .findFirst();
    }

    boolean isKnown(Handle handle, TenantId tenant, UUID account, String providerMessageId) {
        return handle.createQuery("""
                        select exists (select from send_intent where tenant_id = :tenant
                                          and channel_account_id = :account and provider_message_id = :provider)
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", providerMessageId)
                .mapTo(Boolean.class)
                .one();
    }

    /** Keeps the furthest status of a message that we do not know by that id yet. */
    void keepEarly(Handle handle, TenantId tenant, UUID account, InboundEvent.Status status) {
        handle.createUpdate("""
                        insert into early_status (tenant_id, channel_account_id, provider_message_id, delivery,
                                                  delivery_at, delivery_error)
                        values (:tenant, :account, :provider, :delivery, :at, :error)
                        on conflict (tenant_id, channel_account_id, provider_message_id) do update
                            set delivery = excluded.delivery, delivery_at = excluded.delivery_at,
                                delivery_error = excluded.delivery_error, updated_at = now()
                          where array_position(ORDER, early_status.delivery) < array_position(ORDER, excluded.delivery)
                        """.replace("ORDER", ORDER))
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", status.providerMessageId())
                .bind("delivery", stored(status.status()))
                .bind("at", status.at())
                .bind("error", status.error())
                .execute();
    }

    /** The status that came before we knew the message by that id. */
    Optional<InboundEvent.Status> takeEarly(Handle handle, TenantId tenant, UUID account, String providerMessageId) {
        return handle.createQuery("""
                        delete from early_status
                         where tenant_id = :tenant and channel_account_id = :account
                           and provider_message_id = :provider
                        returning delivery, delivery_at, delivery_error
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("provider", providerMessageId)
                .map((rs, context) -> new InboundEvent.Status(
                        "",
                        "",
                        providerMessageId,
                        DeliveryStatus.valueOf(rs.getString("delivery").toUpperCase(Locale.ROOT)),
                        rs.getObject("delivery_at", OffsetDateTime.class).toInstant(),
                        rs.getString("delivery_error"),
                        null))
                .findOne();
    }

    /** Forgets statuses of messages that are not ours; needs the relay role. */
    int forgetEarly(Handle acrossTenants, Duration memory) {
        return acrossTenants
                .createUpdate("delete from early_status where created_at < now() - make_interval(secs => :age)")
                .bind("age", memory.toSeconds())
                .execute();
    }

    private static String stored(DeliveryStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Reached reached(ResultSet rs) throws SQLException {
        return new Reached(
                rs.getObject("message_id", UUID.class),
                rs.getObject("operation_id", UUID.class),
                rs.getObject("conversation_id", UUID.class),
                rs.getString("channel"),
                rs.getString("agent"),
                rs.getString("delivery"));
    }

    /**
     * What a status changed.
     *
     * @param delivery how far the whole message has come with it; null when it came no further
     */
    record Reached(
            UUID message,
            UUID operation,
            UUID conversation,
            String channel,
            String agent,
            @Nullable String delivery) {}
}
