package dev.parley.channel.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.channel.adapter.Pacing;
import dev.parley.channel.adapter.Rate;
import dev.parley.channel.delivery.DeliveryRepository.Intent;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Sends on their way, from their turn to their end. All times are the database's, so replicas with wrong clocks agree. */
@ApplicationScoped
class SendingRepository {
    private static final String CLAIM = """
            with c as (
                select id from conversation
                 where tenant_id = :tenant and id = :conversation and epoch = :epoch
                   and (last_seq = :lastSeq or not :answer)
                   and next_send_at is not distinct from cast(:lastClaim as timestamptz)
                   for no key update),
            pace as (PACE),
            paced as (
                update conversation
                   set next_send_at = greatest(
                           now() + make_interval(secs => :apart),
                           case when :recipientEvery > 0 then
                               greatest(recipient_busy_until, now())
                                   + make_interval(secs => :recipientEvery - :recipientSlack) end),
                       recipient_busy_until = case when :recipientEvery > 0 then
                           greatest(recipient_busy_until, now()) + make_interval(secs => :recipientEvery) end
                  from pace
                 where tenant_id = :tenant and id = :conversation and pace.admitted),
            begun as (
                update send_intent
                   set state = 'SENDING', attempts = attempts + 1, fence = :fence, attempted_at = now(),
                       first_attempted_at = coalesce(first_attempted_at, now()), turn_at = null,
                       lease_until = now() + make_interval(secs => :lease), updated_at = now()
                  from pace
                 where tenant_id = :tenant and id = :id and pace.admitted),
            queued as (
                update send_intent
                   set state = 'PENDING', due_at = pace.turn, turn_at = pace.turn, updated_at = now(),
                       first_attempted_at = first_attempted_at + (pace.turn - now())
                  from pace
                 where tenant_id = :tenant and id = :id and pace.turn is not null)
            select admitted,
                   greatest(0, extract(epoch from coalesce(turn, free_at + make_interval(secs => random())) - now()))
                       as wait
              from pace
            """;

    private static final String UNPACED =
            "select true as admitted, cast(null as timestamptz) as turn, now() as free_at from c";

    /**
     * A send goes when the vendor wants something, the allowance has room, and nobody is before it: it has a turn, or
     * nobody has. Else it gets the next turn; who had one just now and found the room taken asks again within a second.
     * A code without room takes the next that there is at once, for a turn that needs none any more: it stands in no
     * queue, and whose turn that was comes one later.
     */
    private static final String PACED = """
                insert into channel_pace as p (tenant_id, channel_account_id, busy_until)
                select :tenant, :account, now() + make_interval(secs => :every) from c
                on conflict (tenant_id, channel_account_id) do update
                   set busy_until = case
                           when p.GOES and :reserved then p.busy_until
                           when p.GOES then greatest(p.busy_until, now()) + make_interval(secs => :every)
                           when :code then greatest(p.busy_until, p.rests_until + make_interval(secs => :slack),
                                                    now() + make_interval(secs => :slack))
                                           + make_interval(secs => :every)
                           else p.busy_until end,
                       queue_until = case
                           when :code or p.GOES or p.AWAKE and :fresh then p.queue_until
                           else greatest(p.queue_until, p.rests_until, now(),
                                         p.busy_until - make_interval(secs => :slack))
                                + make_interval(secs => :every) end,
                       updated_at = now()
                returning coalesce(old.GOES, true) as admitted,
                          case when coalesce(old.GOES, true) then null
                               when :code then new.busy_until - make_interval(secs => :every)
                                               - make_interval(secs => :slack)
                               when old.queue_until is distinct from new.queue_until
                               then new.queue_until - make_interval(secs => :every) end as turn,
                          new.busy_until - make_interval(secs => :slack) as free_at
            """.replaceAll(
                    "(p|old)\\.GOES",
                    "($1.AWAKE and (:reserved or $1.ROOM and (:queued or coalesce($1.queue_until <= now(), true))))")
            .replaceAll("(p|old)\\.AWAKE", "coalesce($1.rests_until <= now(), true)")
            .replaceAll("(p|old)\\.ROOM", "$1.busy_until <= now() + make_interval(secs => :slack)");

    private final ObjectMapper json;

    SendingRepository(ObjectMapper json) {
        this.json = json;
    }

    /**
     * The first send of a conversation that has no end yet, locked; skips nothing, so the order holds. What is being sent
     * comes before all else, and a code before what is not.
     *
     * @param heldToo whether what is held counts
     */
    Optional<Head> lockHead(Handle handle, TenantId tenant, UUID conversation, boolean heldToo) {
        return handle.createQuery("""
            select s.id, s.channel_account_id, s.message_id, s.operation_id, s.part_no, s.parts, s.part,
                   s.purpose, s.epoch, s.state, s.attempts,
                   coalesce(s.attempted_at, s.created_at) as attempted_at,
                   extract(epoch from now() - coalesce(s.first_attempted_at, now())) as tried, s.fence, s.provider_message_id,
                   s.sealed, coalesce(s.not_after < now(), false) as overdue,
                   s.state = 'HELD' and s.due_at <= now() as held_too_long, c.channel, c.recipient, c.last_inbound_at,
                   coalesce(o.agent, c.agent) as agent, c.epoch as current_epoch,
                   case c.word_for when c.epoch then c.word_epoch else c.epoch end as word_epoch, c.last_seq, c.next_send_at,
                   k.opted_out_at is not null as opted_out,
                   exists (select from operation n
                            where n.tenant_id = s.tenant_id and n.conversation_id = s.conversation_id
                              and (n.state = 'RUNNING' or n.state = 'QUEUED' and n.attempts = 0)) as awaited,
                   coalesce(s.lease_until < now(), true) as lease_over,
                   greatest(0, extract(epoch from
                       greatest(case when s.state <> 'HELD' then s.due_at end, c.next_send_at) - now())) as wait,
                   s.turn_at is not null as queued,
                   coalesce(s.turn_at > now() - interval '5 seconds', false) as fresh
              from send_intent s
              join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
              left join operation o on o.tenant_id = s.tenant_id and o.id = s.operation_id
              left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
             where s.tenant_id = :tenant and s.conversation_id = :conversation
               and s.state in ('PENDING', 'HELD', 'SENDING') and (:heldToo or s.state <> 'HELD')
             order by s.state = 'SENDING' desc, s.purpose = 'code' desc, s.place limit 1 for update of s
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("heldToo", heldToo)
                .map((rs, context) -> new Head(
                        new Intent(
                                rs.getObject("id", UUID.class),
                                conversation,
                                rs.getObject("channel_account_id", UUID.class),
                                rs.getObject("message_id", UUID.class),
                                rs.getObject("operation_id", UUID.class),
                                rs.getInt("part_no"),
                                rs.getInt("parts"),
                                read(rs.getString("part")),
                                Purpose.of(rs.getString("purpose")),
                                rs.getLong("epoch")),
                        SendState.valueOf(rs.getString("state")),
                        rs.getInt("attempts"),
                        rs.getLong("fence"),
                        rs.getString("provider_message_id"),
                        rs.getBytes("sealed"),
                        rs.getBoolean("overdue"),
                        rs.getBoolean("held_too_long"),
                        rs.getString("channel"),
                        rs.getString("recipient"),
                        Columns.instant(rs, "last_inbound_at"),
                        rs.getString("agent"),
                        rs.getLong("current_epoch"),
                        rs.getLong("word_epoch"),
                        rs.getLong("last_seq"),
                        Columns.instant(rs, "next_send_at"),
                        rs.getBoolean("opted_out"),
                        rs.getBoolean("awaited"),
                        Columns.instant(rs, "attempted_at"),
                        Duration.ofMillis((long) (rs.getDouble("tried") * 1000)),
                        rs.getBoolean("lease_over"),
                        Duration.ofMillis((long) Math.ceil(rs.getDouble("wait") * 1000)),
                        rs.getBoolean("queued"),
                        rs.getBoolean("fresh")))
                .findOne();
    }

    /**
     * Makes the send ours until the lease ends and takes it from the allowances of its account and its recipient, or gives
     * it a turn in the account's queue and leaves it waiting, untried. Empty when the conversation is of another epoch
     * than it was looked at in: a person took it over, or its customer opted out. So it is when another of its sends was
     * begun meanwhile, or, before an answer is begun, a message came: its answer may be for both. The conversation's row is where these and a send meet: one of them is first. The account's row is
     * locked last, and not for longer than this statement and the commit behind it.
     */
    Optional<Turn> claim(Handle handle, TenantId tenant, Head head, long fence, Duration lease, Pacing pacing) {
        Rate recipient = pacing.recipient();
        Rate account = pacing.account();
        // A code is worth nothing later, so it stands in no queue. The room that it took with its turn it has for a
        // while.
        boolean code = head.intent().purpose() == Purpose.CODE;
        return handle.createQuery(CLAIM.replace("PACE", account == null ? UNPACED : PACED))
                .bind("tenant", tenant.value())
                .bind("id", head.intent().id())
                .bind("conversation", head.intent().conversationId())
                .bind("epoch", head.epoch())
                .bind("lastSeq", head.lastSeq())
                .bind("answer", head.intent().beginsAnswer())
                .bind("lastClaim", head.nextSendAt())
                .bind("fence", fence)
                .bind("lease", Columns.seconds(lease))
                .bind("apart", Columns.seconds(pacing.apart()))
                .bind("recipientEvery", recipient == null ? 0 : Columns.seconds(recipient.every()))
                .bind("recipientSlack", recipient == null ? 0 : Columns.seconds(recipient.slack()))
                .bind("account", head.intent().accountId())
                .bind("every", account == null ? 0 : Columns.seconds(account.every()))
                .bind("slack", account == null ? 0 : Columns.seconds(account.slack()))
                .bind("code", code)
                .bind("reserved", code && head.fresh())
                .bind("queued", code || head.queued())
                .bind("fresh", head.fresh())
                .map((rs, context) -> new Turn(
                        rs.getBoolean("admitted"), Duration.ofMillis((long) Math.ceil(rs.getDouble("wait") * 1000))))
                .findOne();
    }

    /** Ends all sends of an operation that nobody has begun; a message of which nothing was sent was never said. */
    void cancel(Handle handle, TenantId tenant, Intent intent, String reason) {
        handle.createUpdate("""
            with ended as (
                update send_intent set state = 'CANCELLED', last_error = :reason, updated_at = now()
                 where tenant_id = :tenant and operation_id = :operation and state in ('PENDING', 'HELD')
                returning id)
            update message set cancelled_at = now(), updated_at = now()
             where tenant_id = :tenant and id = :message
               and not exists (select from send_intent s
                                where s.tenant_id = :tenant and s.operation_id = :operation
                                  and s.state not in ('PENDING', 'HELD', 'CANCELLED'))
            """)
                .bind("tenant", tenant.value())
                .bind("operation", intent.operationId())
                .bind("message", intent.messageId())
                .bind("reason", reason)
                .execute();
    }

    /** Takes a send from somebody whose lease is over, to find out what became of it. */
    void takeOver(Handle handle, TenantId tenant, UUID id, long fence, Duration lease) {
        handle.createUpdate("""
            update send_intent
               set fence = :fence, lease_until = now() + make_interval(secs => :lease), updated_at = now()
             where tenant_id = :tenant and id = :id
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("fence", fence)
                .bind("lease", Columns.seconds(lease))
                .execute();
    }

    /** Keeps a send back until the customer writes again, but not for longer than that. */
    void hold(Handle handle, TenantId tenant, UUID id, Duration longest, String reason) {
        handle.createUpdate("""
            update send_intent
               set state = 'HELD', due_at = now() + make_interval(secs => :longest), turn_at = null,
                   last_error = :reason, updated_at = now()
             where tenant_id = :tenant and id = :id
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("longest", Columns.seconds(longest))
                .bind("reason", reason)
                .execute();
    }

    /**
     * Ends a send, or puts it back to wait, and returns its state; empty when somebody else holds it by now. A vendor may
     * have told meanwhile that it took the message: that proof is kept, and only the vendor's own refusal goes before it.
     */
    Optional<SendState> close(Handle handle, TenantId tenant, UUID id, long fence, Ending ending) {
        return handle.createQuery("""
            update send_intent
               set state = case when provider_message_id is not null and not :refused then 'SENT' else :state end,
                   last_error = case when provider_message_id is not null and not :refused then null else :error end,
                   provider_message_id = coalesce(cast(:provider as text), provider_message_id),
                   first_attempted_at = case when :state = 'HELD' then null else first_attempted_at end,
                   lease_until = null, due_at = now() + make_interval(secs => :wait), updated_at = now(),
                   turn_at = case when :rests then now() + make_interval(secs => :wait) end
             where tenant_id = :tenant and id = :id and fence = :fence and state = 'SENDING'
            returning state
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("fence", fence)
                .bind("state", ending.state().name())
                .bind("refused", ending.refused())
                .bind("provider", ending.providerMessageId())
                .bind("error", ending.error())
                .bind("wait", Columns.seconds(ending.pause()))
                .bind("rests", ending.rests())
                .map((rs, context) -> SendState.valueOf(rs.getString("state")))
                .findOne();
    }

    /** Leaves a send with the one who holds it for that long: then it is taken for left behind, and asked about. */
    void extend(Handle handle, TenantId tenant, UUID id, long fence, Duration lease) {
        handle.createUpdate("""
            update send_intent set lease_until = now() + make_interval(secs => :lease), updated_at = now()
             where tenant_id = :tenant and id = :id and fence = :fence and state = 'SENDING'
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("fence", fence)
                .bind("lease", Columns.seconds(lease))
                .execute();
    }

    /** Takes the customer's last word for too long ago, whatever we know of it, unless it came after that time. */
    void closeWindow(Handle handle, TenantId tenant, UUID conversation, Instant attempted) {
        handle.createUpdate("""
            update conversation set last_inbound_at = null, updated_at = now()
             where tenant_id = :tenant and id = :conversation and last_inbound_at <= :attempted
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("attempted", attempted)
                .execute();
    }

    /** A message of which one part failed is not sent on. */
    void failRest(Handle handle, TenantId tenant, UUID operation, String error) {
        handle.createUpdate("""
            update send_intent set state = 'FAILED', last_error = :error, updated_at = now()
             where tenant_id = :tenant and operation_id = :operation and state in ('PENDING', 'HELD')
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .bind("error", error)
                .execute();
    }

    /** Has nothing of a conversation sent for that time. */
    void rest(Handle handle, TenantId tenant, UUID conversation, Duration time) {
        handle.createUpdate("""
            update conversation
               set next_send_at = greatest(next_send_at, now() + make_interval(secs => :time)), updated_at = now()
             where tenant_id = :tenant and id = :conversation
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("time", Columns.seconds(time))
                .execute();
    }

    void redirect(Handle handle, TenantId tenant, UUID conversation, String recipient) {
        handle.createUpdate("""
            update conversation set recipient = :recipient, updated_at = now()
             where tenant_id = :tenant and id = :conversation
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("recipient", recipient)
                .execute();
    }

    /**
     * Conversations of all tenants in which it is a send's turn, or one was left behind or held for too long, the longest
     * due first; needs the relay role. Of a conversation only its first send counts: those behind it are never too late.
     */
    List<Waiting> waiting(Handle acrossTenants, Duration grace, int limit) {
        return acrossTenants
                .createQuery("""
                    (select tenant_id, conversation_id from send_intent
                      where state = 'SENDING' and lease_until < now() order by lease_until limit :limit)
                    union
                    (select tenant_id, conversation_id from send_intent s
                      where state = 'PENDING' and due_at < now() - make_interval(secs => :grace)
                        and not exists (select from send_intent e
                                         where e.tenant_id = s.tenant_id and e.conversation_id = s.conversation_id
                                           and e.state in ('PENDING', 'SENDING')
                                           and (e.state = 'SENDING'
                                                or (e.purpose <> 'code', e.place) < (s.purpose <> 'code', s.place)))
                      order by due_at limit :limit)
                    union
                    (select tenant_id, conversation_id from send_intent
                      where state = 'HELD' and due_at < now() order by due_at limit :limit)
                    """)
                .bind("grace", Columns.seconds(grace))
                .bind("limit", limit)
                .map((rs, context) -> new Waiting(
                        new TenantId(rs.getObject("tenant_id", UUID.class)),
                        rs.getObject("conversation_id", UUID.class)))
                .list();
    }

    private OutboundPart read(String part) {
        try {
            return json.readValue(part, OutboundPart.class);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException("a stored part cannot be read", unreadable);
        }
    }

    /**
     * The next send of a conversation.
     *
     * @param sealed the code that it brings, encrypted; null when it brings none
     * @param wordEpoch the first epoch whose replies are still the bot's word
     * @param lastSeq the place of the conversation's latest message
     * @param overdue whether what it says is not true any more
     * @param queued whether it has a turn in its account's pace
     * @param fresh whether that turn was not long ago
     */
    record Head(
            Intent intent,
            SendState state,
            int attempts,
            long fence,
            @Nullable String providerMessageId,
            byte @Nullable [] sealed,
            boolean overdue,
            boolean heldTooLong,
            String channel,
            String recipient,
            @Nullable Instant lastInbound,
            String agent,
            long epoch,
            long wordEpoch,
            long lastSeq,
            @Nullable Instant nextSendAt,
            boolean optedOut,
            boolean awaited,
            Instant attemptedAt,
            Duration tried,
            boolean leaseOver,
            Duration dueIn,
            boolean queued,
            boolean fresh) {}

    /**
     * What became of asking to send.
     *
     * @param admitted whether it may go now
     * @param pause else when to ask again
     */
    record Turn(boolean admitted, Duration pause) {}

    /** A conversation with something to send. */
    record Waiting(TenantId tenant, UUID conversation) {}

    /**
     * How an attempt ended.
     *
     * @param refused whether the vendor said itself that it does not take the message
     * @param pause how long a send that goes back to waiting waits at least
     * @param rests whether its whole account waits for that, and it is the first thereafter
     */
    record Ending(
            SendState state,
            boolean refused,
            @Nullable String providerMessageId,
            @Nullable String error,
            Duration pause,
            boolean rests) {
        /** The vendor took it under that id. */
        static Ending sent(String providerMessageId) {
            return new Ending(SendState.SENT, false, providerMessageId, null, Duration.ZERO, false);
        }
    }
}
