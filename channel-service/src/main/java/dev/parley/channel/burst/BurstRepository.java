package dev.parley.channel.burst;

import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Rows of operations as the bursts that they belong to. All times are the database's. */
@ApplicationScoped
class BurstRepository {
    /**
     * What waits for its answer, in the order in which it came.
     *
     * @param patience how long what came with a message is waited for
     */
    List<Open> open(Handle handle, TenantId tenant, UUID conversation, Duration patience, Duration charging) {
        return handle.createQuery("""
                        select o.id, o.attempts, m.seq, extract(epoch from clock_timestamp() - o.created_at) as age,
                               exists (select from media d
                                        where d.tenant_id = m.tenant_id and d.message_id = m.id and d.state = 'AWAITED'
                                          and d.created_at > now() - make_interval(secs => :patience)) as awaited,
                               exists (select from operation f
                                        where f.tenant_id = o.tenant_id and f.merged_into = o.id
                                          and f.epoch < o.epoch and f.ran_at is not null and f.settled_at is null
                                          and f.finished_at > clock_timestamp() - make_interval(secs => :charging)
                                       ) as charged
                          from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                         where o.tenant_id = :tenant and o.conversation_id = :conversation
                           and o.state in ('QUEUED', 'RUNNING')
                         order by m.seq
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("patience", Columns.seconds(patience))
                .bind("charging", Columns.seconds(charging))
                .map((rs, context) -> new Open(
                        rs.getObject("id", UUID.class),
                        rs.getLong("seq"),
                        rs.getInt("attempts") > 0,
                        Duration.ofMillis((long) (rs.getDouble("age") * 1000)),
                        rs.getBoolean("awaited"),
                        rs.getBoolean("charged")))
                .list();
    }

    /** The latest operation that waits for its end, if that one does; empty when it was ended by somebody else. */
    Optional<UUID> latestBeside(Handle handle, TenantId tenant, UUID conversation, UUID operation) {
        return handle.createQuery("""
                        select o.id from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                         where o.tenant_id = :tenant and o.conversation_id = :conversation
                           and o.state in ('QUEUED', 'RUNNING')
                           and exists (select from operation where tenant_id = :tenant and id = :operation
                                          and state in ('QUEUED', 'RUNNING'))
                         order by m.seq desc limit 1
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("operation", operation)
                .mapTo(UUID.class)
                .findOne();
    }

    /** The operations that had begun and ended in that one. */
    List<Follower> followers(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select id, settled_at is not null as settled from operation
                         where tenant_id = :tenant and merged_into = :operation and attempts > 0
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .map((rs, context) -> new Follower(rs.getObject("id", UUID.class), rs.getBoolean("settled")))
                .list();
    }

    /** Those of the operations that did not take an earlier one's place: their answers may be replaced. */
    List<UUID> replaceable(Handle handle, TenantId tenant, List<UUID> operations) {
        return operations.stream()
                .filter(operation -> followers(handle, tenant, operation).isEmpty())
                .toList();
    }

    /** The messages of these operations and of those that ended in them, in the messenger's order. */
    List<Piece> pieces(Handle handle, TenantId tenant, List<UUID> operations) {
        return handle.createQuery("""
                        select m.seq, m.text,
                               exists (select from media d
                                        where d.tenant_id = m.tenant_id and d.message_id = m.id) as media
                          from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id and m.operation_id = o.id
                         where o.tenant_id = :tenant
                           and (o.id = any(:operations) or o.merged_into = any(:operations))
                         order by m.provider_at, m.provider_order, m.seq
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .map((rs, context) -> new Piece(rs.getLong("seq"), rs.getString("text"), rs.getBoolean("media")))
                .list();
    }

    /**
     * An operation that waits for its end.
     *
     * @param awaited whether something that came with its message is still to be fetched, and worth waiting for
     * @param charged whether an answer that was given back, and whose place it takes, may be being charged
     */
    record Open(UUID operation, long seq, boolean begun, Duration age, boolean awaited, boolean charged) {}

    /**
     * One message of a burst.
     *
     * @param media whether something else than text came with it
     */
    record Piece(long seq, String text, boolean media) {}

    /** An operation that had begun and ended in a later one. */
    record Follower(UUID operation, boolean settled) {}
}
