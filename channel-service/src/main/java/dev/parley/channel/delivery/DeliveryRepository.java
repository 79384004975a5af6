package dev.parley.channel.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.adapter.OutboundPart;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** Rows of sends as they are planned and as they ended. */
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

    void seal(Handle handle, TenantId tenant, UUID send, byte[] sealed, Duration life) {
        handle.createUpdate("""
            update send_intent set sealed = :sealed, not_after = now() + make_interval(secs => :life)
             where tenant_id = :tenant and id = :id
            """)
                .bind("tenant", tenant.value())
                .bind("id", send)
                .bind("sealed", sealed)
                .bind("life", Columns.seconds(life))
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
                        Columns.instant(rs, "delivery_at"),
                        rs.getString("delivery_error"),
                        Columns.instant(rs, "created_at"),
                        Columns.instant(rs, "updated_at")))
                .list();
    }

    private String written(OutboundPart part) {
        try {
            return json.writeValueAsString(part);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a part is always serializable", impossible);
        }
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

        /** Whether the customer has heard nothing of the bot's answer before it. */
        boolean beginsAnswer() {
            return purpose == Purpose.REPLY && partNo == 1;
        }
    }

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
