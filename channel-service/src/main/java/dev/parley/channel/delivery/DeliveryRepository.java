package dev.parley.channel.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.OutboundPart;
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
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Rows of sends. All times are the database's, so replicas with wrong clocks agree on leases. */
@ApplicationScoped
class DeliveryRepository {
    private final ObjectMapper json;

    DeliveryRepository(ObjectMapper json) {
        this.json = json;
    }

    Optional<Address> address(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
            select c.channel, c.channel_account_id, c.recipient from conversation c
             where c.tenant_id = :tenant and c.id = :conversation and c.channel_account_id is not null
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((rs, context) -> new Address(
                        rs.getString("channel"),
                        rs.getObject("channel_account_id", UUID.class),
                        rs.getString("recipient")))
                .findOne();
    }

    void insert(Handle handle, TenantId tenant, List<Intent> intents) {
        PreparedBatch batch = handle.prepareBatch("""
            insert into send_intent (tenant_id, id, conversation_id, channel_account_id, message_id, operation_id,
                                     part_no, parts, part, purpose, epoch, state)
            values (:tenant, :id, :conversation, :account, :message, :operation, :partNo, :parts,
                    cast(:part as jsonb), :purpose, :epoch, 'PENDING')
            """);
        for (Intent intent : intents) {
            batch.bind("tenant", tenant.value())
                    .bind("id", intent.id())
                    .bind("conversation", intent.conversationId())
                    .bind("account", intent.accountId())
                    .bind("message", intent.messageId())
                    .bind("operation", intent.operationId())
                    .bind("partNo", intent.partNo())
                    .bind("parts", intent.parts())
                    .bind("part", written(intent.part()))
                    .bind("purpose", intent.purpose().stored())
                    .bind("epoch", intent.epoch())
                    .add();
        }
        batch.execute();
    }

    /**
     * The first send of a conversation that has no end yet, locked; skips nothing, so the order holds.
     *
     * @param heldToo whether what is held counts
     */
    Optional<Head> lockHead(Handle handle, TenantId tenant, UUID conversation, boolean heldToo) {
        return handle.createQuery("""
            select s.id, s.channel_account_id, s.message_id, s.operation_id, s.part_no, s.parts, s.part,
                   s.purpose, s.epoch, s.created_at, s.state, s.attempts, s.fence, c.channel, c.recipient, c.last_inbound_at,
                   coalesce(o.agent, c.agent) as agent, c.epoch as current_epoch,
                   k.opted_out_at is not null as opted_out,
                   exists (select from operation n
                            where n.tenant_id = s.tenant_id and n.conversation_id = s.conversation_id
                              and n.state in ('QUEUED', 'RUNNING')) as awaited,
                   coalesce(s.lease_until < now(), true) as lease_over,
                   greatest(0, extract(epoch from greatest(s.due_at, c.next_send_at) - now())) as wait
              from send_intent s
              join conversation c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
              left join operation o on o.tenant_id = s.tenant_id and o.id = s.operation_id
              left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
             where s.tenant_id = :tenant and s.conversation_id = :conversation
               and s.state in ('PENDING', 'HELD', 'SENDING') and (:heldToo or s.state <> 'HELD')
             order by s.id limit 1 for update of s
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
                        rs.getString("channel"),
                        rs.getString("recipient"),
                        instant(rs, "last_inbound_at"),
                        rs.getString("agent"),
                        rs.getLong("current_epoch"),
                        rs.getBoolean("opted_out"),
                        rs.getBoolean("awaited"),
                        instant(rs, "created_at"),
                        rs.getBoolean("lease_over"),
                        Duration.ofMillis((long) Math.ceil(rs.getDouble("wait") * 1000))))
                .findOne();
    }

    /**
     * Makes the send ours until the lease ends, and the conversation wait for the pace; false when the conversation is of
     * another epoch by now. The conversation's row is where a take-over and a send meet: one of them is first.
     */
    boolean claim(Handle handle, TenantId tenant, Intent intent, long fence, Duration lease, Duration pace) {
        return handle.createUpdate("""
            with paced as (
                update conversation set next_send_at = now() + make_interval(secs => :pace)
                 where tenant_id = :tenant and id = :conversation and (epoch = :epoch or :purpose <> 'reply')
                returning id)
            update send_intent set state = 'SENDING', attempts = attempts + 1, fence = :fence,
                   lease_until = now() + make_interval(secs => :lease), updated_at = now()
              from paced
             where send_intent.tenant_id = :tenant and send_intent.id = :id
            """)
                        .bind("tenant", tenant.value())
                        .bind("id", intent.id())
                        .bind("conversation", intent.conversationId())
                        .bind("purpose", intent.purpose().stored())
                        .bind("epoch", intent.epoch())
                        .bind("fence", fence)
                        .bind("pace", seconds(pace))
                        .bind("lease", seconds(lease))
                        .execute()
                == 1;
    }

    /** Ends all sends of a message that nobody has begun; a message of which nothing was sent was never said. */
    void cancel(Handle handle, TenantId tenant, UUID message, String reason) {
        handle.createUpdate("""
            with ended as (
                update send_intent set state = 'CANCELLED', last_error = :reason, updated_at = now()
                 where tenant_id = :tenant and message_id = :message and state in ('PENDING', 'HELD')
                returning id)
            update message set cancelled_at = now(), updated_at = now()
             where tenant_id = :tenant and id = :message
               and not exists (select from send_intent s
                                where s.tenant_id = :tenant and s.message_id = :message
                                  and s.state not in ('PENDING', 'HELD', 'CANCELLED'))
            """)
                .bind("tenant", tenant.value())
                .bind("message", message)
                .bind("reason", reason)
                .execute();
    }

    /** The operations of the bot's answers of which nothing was sent. */
    List<UUID> unsent(Handle handle, TenantId tenant, UUID conversation) {
        return handle.createQuery("""
            select operation_id from send_intent
             where tenant_id = :tenant and conversation_id = :conversation
               and state = 'PENDING' and part_no = 1 and purpose = 'reply'
            """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .mapTo(UUID.class)
                .list();
    }

    void withdraw(Handle handle, TenantId tenant, List<UUID> operations, String reason) {
        handle.createUpdate("""
            with ended as (
                update send_intent set state = 'CANCELLED', last_error = :reason, updated_at = now()
                 where tenant_id = :tenant and operation_id = any(:operations) and state in ('PENDING', 'HELD')
                returning message_id)
            update message set cancelled_at = now(), updated_at = now()
             where tenant_id = :tenant and id in (select message_id from ended)
            """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
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
                .bind("lease", seconds(lease))
                .execute();
    }

    /** Keeps a send back until the customer writes again. */
    void hold(Handle handle, TenantId tenant, UUID id, String reason) {
        handle.createUpdate("""
            update send_intent set state = 'HELD', last_error = :reason, updated_at = now()
             where tenant_id = :tenant and id = :id
            """)
                .bind("tenant", tenant.value())
                .bind("id", id)
                .bind("reason", reason)
                .execute();
    }

    /** Ends a send, or puts it back to wait; false when somebody else holds it by now. */
    boolean close(
            Handle handle,
            TenantId tenant,
            UUID id,
            long fence,
            SendState state,
            @Nullable String providerMessageId,
            @Nullable String error,
            Duration wait) {
        return handle.createUpdate("""
            update send_intent set state = :state, provider_message_id = :provider, last_error = :error,
                   lease_until = null, due_at = now() + make_interval(secs => :wait), updated_at = now()
             where tenant_id = :tenant and id = :id and fence = :fence and state = 'SENDING'
            """)
                        .bind("tenant", tenant.value())
                        .bind("id", id)
                        .bind("fence", fence)
                        .bind("state", state.name())
                        .bind("provider", providerMessageId)
                        .bind("error", error)
                        .bind("wait", seconds(wait))
                        .execute()
                == 1;
    }

    /** A message of which one part failed is not sent on. */
    void failRest(Handle handle, TenantId tenant, UUID message, String error) {
        handle.createUpdate("""
            update send_intent set state = 'FAILED', last_error = :error, updated_at = now()
             where tenant_id = :tenant and message_id = :message and state in ('PENDING', 'HELD')
            """)
                .bind("tenant", tenant.value())
                .bind("message", message)
                .bind("error", error)
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

    /** Conversations of all tenants in which a send waits or was left behind; needs the relay role. */
    List<Waiting> waiting(Handle acrossTenants, Duration grace, int limit) {
        return acrossTenants
                .createQuery("""
                    select distinct tenant_id, conversation_id from send_intent
                     where (state = 'PENDING' and due_at < now() - make_interval(secs => :grace))
                        or (state = 'SENDING' and lease_until < now())
                     limit :limit
                    """)
                .bind("grace", seconds(grace))
                .bind("limit", limit)
                .map((rs, context) -> new Waiting(
                        new TenantId(rs.getObject("tenant_id", UUID.class)),
                        rs.getObject("conversation_id", UUID.class)))
                .list();
    }

    List<Step> steps(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
            select part_no, parts, state, attempts, provider_message_id, last_error, delivery, delivery_at, delivery_error,
                   created_at, updated_at
              from send_intent where tenant_id = :tenant and operation_id = :operation order by part_no
            """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> new Step(
                        rs.getInt("part_no"),
                        rs.getInt("parts"),
                        SendState.valueOf(rs.getString("state")),
                        rs.getInt("attempts"),
                        rs.getString("provider_message_id"),
                        rs.getString("last_error"),
                        rs.getString("delivery"),
                        instant(rs, "delivery_at"),
                        rs.getString("delivery_error"),
                        instant(rs, "created_at"),
                        instant(rs, "updated_at")))
                .list();
    }

    private String written(OutboundPart part) {
        try {
            return json.writeValueAsString(part);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a part is always serializable", impossible);
        }
    }

    private OutboundPart read(String part) {
        try {
            return json.readValue(part, OutboundPart.class);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalStateException("a stored part cannot be read", unreadable);
        }
    }

    private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
        OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** Where a conversation's replies go. */
    record Address(String channel, UUID accountId, String recipient) {}

    /** A message to be sent. */
    record Intent(
            UUID id,
            UUID conversationId,
            UUID accountId,
            UUID messageId,
            UUID operationId,
            int partNo,
            int parts,
            OutboundPart part,
            Purpose purpose,
            long epoch) {
        boolean last() {
            return partNo == parts;
        }
    }

    /** The next send of a conversation. */
    record Head(
            Intent intent,
            SendState state,
            int attempts,
            long fence,
            String channel,
            String recipient,
            @Nullable Instant lastInbound,
            String agent,
            long epoch,
            boolean optedOut,
            boolean awaited,
            Instant plannedAt,
            boolean leaseOver,
            Duration dueIn) {}

    /** A conversation with something to send. */
    record Waiting(TenantId tenant, UUID conversation) {}

    /** What became of one send. */
    record Step(
            int partNo,
            int parts,
            SendState state,
            int attempts,
            @Nullable String providerMessageId,
            @Nullable String lastError,
            @Nullable String delivery,
            @Nullable Instant deliveryAt,
            @Nullable String deliveryError,
            Instant createdAt,
            Instant updatedAt) {
        /** When it came to its state: a word of the vendor that came later does not move it. */
        Instant at() {
            Instant since = state == SendState.PENDING ? createdAt : updatedAt;
            return deliveryAt != null && deliveryAt.isBefore(since) ? deliveryAt : since;
        }

        /** Whether the vendor told more of it than that it took it. */
        boolean toldMore() {
            return delivery != null && !"sent".equals(delivery);
        }
    }
}
