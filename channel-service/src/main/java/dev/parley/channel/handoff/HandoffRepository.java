package dev.parley.channel.handoff;

import dev.parley.channel.conversation.Handoff;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The columns of conversations that say who speaks. All times are the database's. */
@ApplicationScoped
class HandoffRepository {
    /** Keeps messages, sends and other changes of who speaks waiting until this transaction ends. */
    Optional<Ownership> lock(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
                        select c.id, c.owner, c.epoch, c.assigned_to, c.owner_until, c.handoff_reason,
                               c.handoff_summary, c.handoff_at,
                               c.channel, c.channel_account_id is not null as on_messenger,
                               k.opted_out_at is not null as opted_out, k.language,
                               coalesce(c.owner_until <= now(), false) as lapsed
                          from conversation c
                          left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
                         where c.tenant_id = :tenant and c.id = :conversation
                           for no key update of c
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((rs, context) -> {
                    return new Ownership(
                            rs.getObject("id", UUID.class),
                            rs.getString("owner"),
                            rs.getLong("epoch"),
                            rs.getString("assigned_to"),
                            Columns.instant(rs, "owner_until"),
                            Handoff.of(
                                    rs.getString("handoff_reason"),
                                    rs.getString("handoff_summary"),
                                    Columns.instant(rs, "handoff_at")),
                            rs.getString("channel"),
                            rs.getBoolean("on_messenger"),
                            rs.getBoolean("opted_out"),
                            rs.getString("language"),
                            rs.getBoolean("lapsed"));
                })
                .findOne();
    }

    /** Gives the conversation to a person for that long; the bot's epoch is over, and what it planned with it. */
    void take(Handle handle, TenantId tenant, UUID conversation, String person, Duration lease) {
        handle.createUpdate("""
                        update conversation
                           set epoch = epoch + case owner when 'staff' then 0 else 1 end, owner = 'staff',
                               assigned_to = :person, owner_until = now() + make_interval(secs => :lease),
                               updated_at = now()
                         where tenant_id = :tenant and id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("person", person)
                .bind("lease", Columns.seconds(lease))
                .execute();
    }

    /** Has the conversation wait for a person. What the bot said before stays its word: its epoch goes on. */
    void await(Handle handle, TenantId tenant, HandoffWish wish) {
        handle.createUpdate("""
                        update conversation
                           set owner = 'waiting', handoff_reason = :reason, handoff_summary = :summary,
                               handoff_at = now(), handoff_told_at = null, updated_at = now()
                         where tenant_id = :tenant and id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", wish.conversationId())
                .bind("reason", wish.reason())
                .bind("summary", wish.summary())
                .execute();
    }

    /** Notes that the customer is told that somebody will come; false when that was done before, or nobody is awaited. */
    boolean told(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createUpdate("""
                        update conversation set handoff_told_at = now()
                         where tenant_id = :tenant and id = :conversation and owner = 'waiting'
                           and handoff_told_at is null
                        """)
                        .bind("tenant", tenant.value())
                        .bind("conversation", conversation)
                        .execute()
                == 1;
    }

    /** Gives the conversation to the bot in a new epoch; what it said before goes on where nobody took it over meanwhile. */
    void giveBack(Handle handle, TenantId tenant, UUID conversation) {
        handle.createUpdate("""
                        update conversation
                           set epoch = epoch + 1,
                               word_epoch = case when owner <> 'waiting' then epoch + 1
                                                 when word_for = epoch then word_epoch
                                                 else epoch end,
                               word_for = epoch + 1,
                               owner = 'bot', assigned_to = null, owner_until = null,
                               handoff_reason = null, handoff_summary = null, handoff_at = null, handoff_told_at = null,
                               updated_at = now()
                         where tenant_id = :tenant and id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .execute();
    }

    /** What waits for the bot's answer is the person's now. */
    void holdOpen(Handle handle, TenantId tenant, UUID conversation) {
        handle.createUpdate("""
                        update operation set state = 'HELD_BY_STAFF', finished_at = clock_timestamp(), updated_at = now()
                         where tenant_id = :tenant and conversation_id = :conversation
                           and state in ('QUEUED', 'RUNNING')
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .execute();
    }

    /**
     * What the customer wrote after the last word that anybody said to them waits for the bot's answer again. Of what was
     * not written on a messenger only the latest does: the agent is told of the rest with it.
     *
     * <p>It is another attempt, with a run, a price and a window of its own: a run that the take-over discarded is not the
     * answer. A draft that nobody let out was paid for, so its operation ends in the attempt, as one whose place is taken:
     * what was charged is found out there.
     */
    void queueUnanswered(Handle handle, TenantId tenant, UUID conversation) {
        handle.createUpdate("""
                        with unanswered as (
                            select h.id, h.state, m.id as message, m.seq, c.epoch,
                                   c.channel_account_id is not null as on_messenger,
                                   row_number() over (order by m.seq desc) as place
                              from conversation c
                              join operation h on h.tenant_id = c.tenant_id and h.conversation_id = c.id
                               and (h.state in ('HELD_BY_STAFF', 'DRAFTED')
                                    or h.state = 'WITHHELD' and h.problem_code = 'DRAFT_TAKEN_OVER')
                              join message m on m.tenant_id = h.tenant_id and m.id = h.message_id
                               and m.operation_id = h.id and m.conversation_id = c.id
                             where c.tenant_id = :tenant and c.id = :conversation
                               and m.seq > coalesce((select w.seq from message w
                                                      where w.tenant_id = :tenant and w.conversation_id = :conversation
                                                        and w.part = 1 and w.role in ('staff', 'assistant')
                                                        and w.cancelled_at is null
                                                      order by w.seq desc limit 1), 0)),
                        again as (
                            select id, state = 'HELD_BY_STAFF' as held, message, seq, epoch, uuidv7() as attempt
                              from unanswered where on_messenger or place = 1
                             order by seq),
                        followed as (
                            update operation o set merged_into = again.attempt, updated_at = now()
                              from again where o.tenant_id = :tenant and o.merged_into = again.id),
                        replaced as (
                            update operation o
                               set state = 'MERGED', merged_into = again.attempt, problem_code = null, updated_at = now()
                              from again where o.tenant_id = :tenant and o.id = again.id and not again.held),
                        begun as (
                            insert into operation (tenant_id, id, conversation_id, message_id, channel, agent, user_id,
                                                   state, epoch, created_by)
                            select :tenant, again.attempt, o.conversation_id, again.message, o.channel, o.agent, o.user_id,
                                   'QUEUED', again.epoch, o.created_by
                              from again join operation o on o.tenant_id = :tenant and o.id = again.id)
                        update message m set operation_id = again.attempt, updated_at = now()
                          from again where m.tenant_id = :tenant and m.id = again.message
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .execute();
    }

    /** Conversations of all tenants whose lease is over; needs the relay role. */
    List<Lapsed> lapsed(Handle acrossTenants, int limit) {
        return acrossTenants
                .createQuery("""
                        select tenant_id, id from conversation
                         where owner = 'staff' and owner_until <= now() order by owner_until limit :limit
                        """)
                .bind("limit", limit)
                .map((rs, context) ->
                        new Lapsed(new TenantId(rs.getObject("tenant_id", UUID.class)), rs.getObject("id", UUID.class)))
                .list();
    }

    /** A conversation whose lease is over. */
    record Lapsed(TenantId tenant, UUID conversation) {}
}
