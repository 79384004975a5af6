package dev.parley.channel.otp;

import dev.parley.channel.adapter.Addressee;
import dev.parley.platform.data.Columns;
import dev.parley.platform.id.Ids;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The conversations in which codes are said. */
@ApplicationScoped
class OtpThreadRepository {
    /** Who has that id or number, and the latest conversation that is theirs alone. */
    private static final String PERSON = """
            select exists (select from contact k
                            where k.tenant_id = :tenant and k.opted_out_at is not null
                              and (k.phone = cast(:phone as text)
                                   or k.id = (select contact_id from contact_identity
                                               where tenant_id = :tenant and channel_account_id = :account
                                                 and external_id = :id))) as opted_out,
                   c.id, c.agent, c.last_inbound_at
              from (values (1)) one
              left join lateral (
                  select c.id, c.agent, c.last_inbound_at
                    from contact_identity i
                    join conversation c on c.tenant_id = i.tenant_id and c.contact_id = i.contact_id
                   where i.tenant_id = :tenant and i.channel_account_id = :account and i.external_id = :id
                     and c.channel_account_id = :account
                     and (c.thread_key = :thread or c.created_by = :writer)
                   order by c.updated_at desc, c.id limit 1) c on true
            """;

    /** As a first message would, without the message: a number that is known is its person's. */
    private static final String OPEN = """
            with known as (
                select contact_id from contact_identity
                 where tenant_id = :tenant and channel_account_id = :account and external_id = :id
            ), p as (
                insert into contact (tenant_id, id, phone, phone_raw)
                select :tenant, :contact, :phone, :phone
                 where cast(:phone as text) is not null and not exists (select from known)
                on conflict (tenant_id, phone) where phone is not null do update set updated_at = now()
                returning id
            ), i as (
                insert into contact_identity (tenant_id, channel_account_id, external_id, channel, contact_id)
                values (:tenant, :account, :id, :channel, coalesce((select id from p), :contact))
                on conflict (tenant_id, channel_account_id, external_id) do update set updated_at = now()
                returning contact_id
            ), n as (
                insert into contact (tenant_id, id)
                select :tenant, :contact from i
                 where i.contact_id = :contact and not exists (select from p)
            )
            insert into conversation (tenant_id, id, agent, channel, thread_key, channel_account_id, contact_id,
                                      recipient, last_seq, created_by)
            select :tenant, :conversation, :agent, :channel, :thread, :account, i.contact_id, :id, 0, :by from i
            on conflict (tenant_id, thread_key) do update set updated_at = now()
            returning id
            """;

    Person person(Handle handle, TenantId tenant, UUID account, String channel, Addressee addressee) {
        return handle.createQuery(PERSON)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("id", addressee.id())
                .bind("phone", addressee.phone())
                .bind("thread", thread(account, addressee))
                .bind("writer", channel + ":" + addressee.id())
                .map((rs, context) -> new Person(
                        rs.getBoolean("opted_out"),
                        rs.getObject("id", UUID.class),
                        rs.getString("agent"),
                        Columns.instant(rs, "last_inbound_at")))
                .one();
    }

    /** The conversation with somebody who has not written yet; whoever opens it at the same time gets the same. */
    UUID open(Handle handle, TenantId tenant, Aim aim, String by) {
        return handle.createQuery(OPEN)
                .bind("tenant", tenant.value())
                .bind("account", aim.account())
                .bind("id", aim.addressee().id())
                .bind("phone", aim.addressee().phone())
                .bind("contact", Ids.next())
                .bind("channel", aim.channel())
                .bind("conversation", Ids.next())
                .bind("agent", aim.agent())
                .bind("thread", thread(aim.account(), aim.addressee()))
                .bind("by", by)
                .mapTo(UUID.class)
                .one();
    }

    /** Stores what is said, as a turn of its own. */
    void say(
            Handle handle, TenantId tenant, UUID conversation, UUID message, UUID operation, String masked, String by) {
        handle.createUpdate("""
                        with c as (
                            update conversation set last_seq = last_seq + 1, updated_at = now()
                             where tenant_id = :tenant and id = :conversation returning last_seq)
                        insert into message (tenant_id, id, conversation_id, seq, part, role, text, operation_id,
                                             created_by)
                        select :tenant, :message, :conversation, c.last_seq, 1, 'notice', :text, :operation, :by from c
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("message", message)
                .bind("text", masked)
                .bind("operation", operation)
                .bind("by", by)
                .execute();
    }

    private static String thread(UUID account, Addressee addressee) {
        return account + ":" + addressee.id();
    }

    /** Who would get a code, as far as they are known. */
    record Person(
            boolean optedOut,
            @Nullable UUID conversation,
            @Nullable String agent,
            @Nullable Instant lastInbound) {}
}
