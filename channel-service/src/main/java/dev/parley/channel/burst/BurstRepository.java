package dev.parley.channel.burst;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
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
    List<Open> open(Handle handle, TenantId tenant, UUID conversation, Duration patience) {
        return handle.createQuery("""
                        select o.id, o.attempts, m.seq, extract(epoch from clock_timestamp() - o.created_at) as age,
                               exists (select from media d
                                        where d.tenant_id = m.tenant_id and d.message_id = m.id) as media,
                               exists (select from media d
                                        where d.tenant_id = m.tenant_id and d.message_id = m.id and d.state = 'AWAITED'
                                          and d.created_at > now() - make_interval(secs => :patience)) as awaited
                          from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                         where o.tenant_id = :tenant and o.conversation_id = :conversation
                           and o.state in ('QUEUED', 'RUNNING')
                         order by m.seq
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("patience", patience.toMillis() / 1000.0)
                .map((rs, context) -> new Open(
                        rs.getObject("id", UUID.class),
                        rs.getLong("seq"),
                        rs.getInt("attempts") > 0,
                        Duration.ofMillis((long) (rs.getDouble("age") * 1000)),
                        rs.getBoolean("media"),
                        rs.getBoolean("awaited")))
                .list();
    }

    /** Whether that operation still waits for its end. */
    boolean isOpen(Handle handle, TenantId tenant, UUID operation) {
        return handle.createQuery("""
                        select exists (select from operation where tenant_id = :tenant and id = :operation
                                          and state in ('QUEUED', 'RUNNING'))
                        """)
                .bind("tenant", tenant.value())
                .bind("operation", operation)
                .mapTo(Boolean.class)
                .one();
    }

    /** The messages of these operations and of those that ended in them, in the messenger's order. */
    List<Piece> pieces(Handle handle, TenantId tenant, List<UUID> operations) {
        return handle.createQuery("""
                        select m.seq, m.text from operation o
                          join message m on m.tenant_id = o.tenant_id and m.id = o.message_id
                         where o.tenant_id = :tenant
                           and (o.id = any(:operations) or o.merged_into = any(:operations))
                         order by m.provider_at, m.provider_order, m.seq
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .map((rs, context) -> new Piece(rs.getLong("seq"), rs.getString("text")))
                .list();
    }

    /**
     * An operation that waits for its end.
     *
     * @param media whether something came with its message
     * @param awaited whether some of that is still to be fetched, and worth waiting for
     */
    record Open(UUID operation, long seq, boolean begun, Duration age, boolean media, boolean awaited) {}

    /** One message of a burst. */
    record Piece(long seq, String text) {}
}
