package dev.parley.channel.push;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Rows of notices. */
@ApplicationScoped
class NoticeRepository {
    private static final double MILLIS = 1000.0;
    private static final int MOST_AT_ONCE = 5_000;

    /**
     * A notice that is due, with all that decides what becomes of it.
     *
     * @param device null when it is registered no longer
     * @param account null when the channel is disconnected or paused
     * @param restsUntil when the account may be used again; null at once
     */
    record Due(
            UUID id,
            UUID conversation,
            UUID message,
            int attempts,
            Instant expiresAt,
            boolean expired,
            @Nullable UUID device,
            byte @Nullable [] token,
            @Nullable UUID account,
            @Nullable String accountType,
            @Nullable String accountName,
            boolean troubled,
            @Nullable Instant restsUntil,
            String text,
            boolean cancelled,
            boolean optedOut,
            @Nullable String language) {}

    /** Orders notices of answers for all devices of their conversations; those that are there already stay as they are. */
    int plan(Handle handle, TenantId tenant, List<SentMessage> sent, Duration grace, Duration keep) {
        return handle.createUpdate("""
                        insert into push_notice (tenant_id, id, device_id, conversation_id, message_id, state, due_at,
                                                 expires_at)
                        select d.tenant_id, gen_random_uuid(), d.id, d.conversation_id, m.id, 'PENDING',
                               now() + make_interval(secs => :grace), now() + make_interval(secs => :keep)
                          from unnest(:messages, :conversations) as e (message, conversation)
                          join push_device d on d.tenant_id = :tenant and d.conversation_id = e.conversation
                          join message m on m.tenant_id = :tenant and m.id = e.message
                         where m.part = 1 and m.role in ('assistant', 'staff') and d.created_at <= m.created_at
                            on conflict (tenant_id, message_id, device_id) do nothing
                        """)
                .bind("tenant", tenant.value())
                .bindArray(
                        "messages",
                        UUID.class,
                        sent.stream().map(SentMessage::messageId).toArray())
                .bindArray(
                        "conversations",
                        UUID.class,
                        sent.stream().map(SentMessage::conversationId).toArray())
                .bind("grace", grace.toMillis() / MILLIS)
                .bind("keep", keep.toMillis() / MILLIS)
                .execute();
    }

    /**
     * Notes that an answer was read as it came, whether its notices are ordered already or not yet.
     *
     * @param readers only if one of them began the conversation; null for whoever it was
     */
    void read(Handle handle, TenantId tenant, SentMessage sent, @Nullable Set<String> readers) {
        handle.createUpdate("""
                        insert into push_notice (tenant_id, id, device_id, conversation_id, message_id, state, due_at,
                                                 expires_at)
                        select d.tenant_id, gen_random_uuid(), d.id, d.conversation_id, m.id, 'READ', now(), now()
                          from push_device d
                          join conversation c on c.tenant_id = d.tenant_id and c.id = d.conversation_id
                          join message m on m.tenant_id = d.tenant_id and m.id = :message
                         where d.tenant_id = :tenant and d.conversation_id = :conversation
                           and m.conversation_id = d.conversation_id
                           and (:anyone or c.created_by = any(:readers))
                            on conflict (tenant_id, message_id, device_id) do update
                                  set state = 'READ', updated_at = now() where push_notice.state = 'PENDING'
                        """)
                .bind("tenant", tenant.value())
                .bind("message", sent.messageId())
                .bind("conversation", sent.conversationId())
                .bind("anyone", readers == null)
                .bindArray("readers", String.class, readers == null ? new Object[0] : readers.toArray())
                .execute();
    }

    /** The tenants for whom something is due, however much is due for one of them; needs the relay role. */
    List<TenantId> tenantsWithDue(Handle acrossTenants) {
        // One step in the index per tenant.
        return acrossTenants
                .createQuery("""
                        with recursive waiting (tenant_id) as (
                            (select tenant_id from push_notice where state in ('PENDING', 'SENDING')
                              order by tenant_id limit 1)
                            union all
                            select (select n.tenant_id from push_notice n
                                     where n.state in ('PENDING', 'SENDING') and n.tenant_id > waiting.tenant_id
                                     order by n.tenant_id limit 1)
                              from waiting where waiting.tenant_id is not null)
                        select tenant_id from waiting
                         where tenant_id is not null
                           and exists (select from push_notice n
                                        where n.tenant_id = waiting.tenant_id and n.state in ('PENDING', 'SENDING')
                                          and n.due_at <= now())
                        """)
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }

    /** Ends what was being sent by a process that is gone: it may have been sent. */
    void abandon(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        update push_notice set state = 'AMBIGUOUS', reason = 'its sender is gone', updated_at = now()
                         where tenant_id = :tenant and state = 'SENDING' and due_at <= now()
                        """).bind("tenant", tenant.value()).execute();
    }

    /**
     * What is due, locked until the transaction ends. The rows are found before anything is joined: a plan made while the
     * tables were small joins a whole backlog to take a few rows of it.
     */
    List<Due> due(Handle handle, TenantId tenant, int limit) {
        return handle.createQuery("""
                        select n.id, n.conversation_id, n.message_id, n.attempts, n.expires_at,
                               n.expires_at <= now() as expired, d.id as device, d.token, a.id as account,
                               a.type as account_type, a.name as account_name, t.reason is not null as troubled,
                               case when t.paused_until > now() then t.paused_until end as rests_until,
                               m.text, m.cancelled_at is not null as cancelled,
                               k.opted_out_at is not null as opted_out, coalesce(d.language, k.language) as language
                          from push_notice n
                          join message m on m.tenant_id = n.tenant_id and m.id = n.message_id
                          join conversation c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
                          left join push_device d on d.tenant_id = n.tenant_id and d.id = n.device_id
                          left join channel_account a on a.tenant_id = d.tenant_id and a.id = d.channel_account_id
                                                     and a.deleted_at is null and a.status = 'active'
                          left join channel_trouble t on t.tenant_id = a.tenant_id and t.channel_account_id = a.id
                          left join contact k on k.tenant_id = n.tenant_id and k.id = coalesce(d.contact_id, c.contact_id)
                         where n.tenant_id = :tenant and n.id = any(array(
                                select w.id from push_notice w
                                 where w.tenant_id = :tenant and w.state = 'PENDING' and w.due_at <= now()
                                 order by w.due_at limit :limit for update of w skip locked))
                         order by n.due_at
                        """)
                .bind("tenant", tenant.value())
                .bind("limit", limit)
                .map((row, context) -> due(row))
                .list();
    }

    private static Due due(ResultSet row) throws SQLException {
        return new Due(
                row.getObject("id", UUID.class),
                row.getObject("conversation_id", UUID.class),
                row.getObject("message_id", UUID.class),
                row.getInt("attempts"),
                Columns.instant(row, "expires_at"),
                row.getBoolean("expired"),
                row.getObject("device", UUID.class),
                row.getBytes("token"),
                row.getObject("account", UUID.class),
                row.getString("account_type"),
                row.getString("account_name"),
                row.getBoolean("troubled"),
                Columns.instant(row, "rests_until"),
                row.getString("text"),
                row.getBoolean("cancelled"),
                row.getBoolean("opted_out"),
                row.getString("language"));
    }

    /** Takes a notice to be sent by this process until the lease is over. */
    void begin(Handle handle, TenantId tenant, UUID id, Duration lease) {
        handle.createUpdate("""
                        update push_notice
                           set state = 'SENDING', attempts = attempts + 1, updated_at = now(),
                               due_at = now() + make_interval(secs => :lease)
                         where tenant_id = :tenant and id = :id
                        """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("lease", lease.toMillis() / MILLIS)
                .execute();
    }

    /**
     * Has what is due through an account wait, the oldest of it. The rows are found once, as an array: joined, they are
     * looked for again for each row when the planner takes a backlog for one row.
     */
    void wait(Handle handle, TenantId tenant, UUID account, Instant until) {
        handle.createUpdate("""
                        update push_notice n set due_at = least(:until, n.expires_at), updated_at = now()
                         where n.tenant_id = :tenant and n.id = any(array(
                                select w.id from push_notice w
                                 where w.tenant_id = :tenant and w.state = 'PENDING' and w.due_at <= now()
                                   and w.expires_at > now()
                                   and (select d.channel_account_id from push_device d
                                         where d.tenant_id = w.tenant_id and d.id = w.device_id) = :account
                                 order by w.due_at limit :limit for update of w skip locked))
                        """)
                .bind("tenant", tenant.value())
                .bind("account", account)
                .bind("until", until)
                .bind("limit", MOST_AT_ONCE)
                .execute();
    }

    /** Ends what is due and too late, the oldest of it. */
    void expire(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        update push_notice n set state = 'EXPIRED', reason = 'it is too late', updated_at = now()
                         where n.tenant_id = :tenant and n.id = any(array(
                                select w.id from push_notice w
                                 where w.tenant_id = :tenant and w.state = 'PENDING' and w.due_at <= now()
                                   and w.expires_at <= now()
                                 order by w.due_at limit :limit for update of w skip locked))
                        """)
                .bind("tenant", tenant.value())
                .bind("limit", MOST_AT_ONCE)
                .execute();
    }

    /** Ends a notice that was not begun. */
    void end(Handle handle, TenantId tenant, UUID id, String state, String reason) {
        handle.createUpdate("update push_notice set state = :state, reason = :reason, updated_at = now()"
                        + " where tenant_id = :tenant and id = :id")
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("state", state)
                .bind("reason", reason)
                .execute();
    }

    /** Ends an attempt, or puts the notice off; false when it is over already, because its lease was. */
    boolean finish(Handle handle, Order order, String state, @Nullable String reason, Duration after) {
        return handle.createUpdate("""
                        update push_notice
                           set state = :state, reason = :reason, updated_at = now(),
                               due_at = case when :state = 'PENDING'
                                             then least(now() + make_interval(secs => :after), expires_at) else due_at end
                         where tenant_id = :tenant and id = :id and state = 'SENDING' and attempts = :attempt
                        """)
                        .bind("tenant", order.tenant().value())
                        .bind("id", order.id())
                        .bind("attempt", order.attempt())
                        .bind("state", state)
                        .bind("reason", reason)
                        .bind("after", after.toMillis() / MILLIS)
                        .execute()
                == 1;
    }
}
