package dev.parley.channel.delivery;

import dev.parley.channel.adapter.DeliveryStatus;
import dev.parley.channel.adapter.InboundEvent;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
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
                  join send_intent i on i.tenant_id = :tenant and i.message_id = s.message_id and i.state <> 'CANCELLED'
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

    /** Notes a status that is further than what is known; empty when it is not, or when nothing was sent by that id. */
    Optional<Reached> note(Handle handle, TenantId tenant, UUID account, InboundEvent.Status status) {
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

    /** Notes that the vendor took a send under its own id; whoever doubted whether it did knows now. */
    void adopt(Handle handle, TenantId tenant, UUID account, UUID send, String providerMessageId) {
        handle.createUpdate("""
                        update send_intent
                           set provider_message_id = :provider,
                               state = case state when 'AMBIGUOUS' then 'SENT' else state end, updated_at = now()
                         where tenant_id = :tenant and id = :send and channel_account_id = :account
                           and provider_message_id is null
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("send", send)
                .bind("provider", providerMessageId)
                .execute();
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
                        rs.getObject("delivery_at", java.time.OffsetDateTime.class)
                                .toInstant(),
                        rs.getString("delivery_error"),
                        null))
                .findOne();
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
