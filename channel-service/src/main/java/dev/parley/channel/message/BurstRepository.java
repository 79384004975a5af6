package dev.parley.channel.message;

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

    /** Ends operations in a later one, with all that had ended in them before. */
    void merge(Handle handle, TenantId tenant, List<UUID> operations, UUID into) {
        handle.createUpdate("""
                        with followed as (
                            update operation set merged_into = :into, updated_at = now()
                             where tenant_id = :tenant and merged_into = any(:operations))
                        update operation
                           set state = 'MERGED', merged_into = :into, updated_at = now(),
                               finished_at = coalesce(finished_at, clock_timestamp())
                         where tenant_id = :tenant and id = any(:operations)
                           and state in ('QUEUED', 'RUNNING', 'ANSWERED')
                        """)
                .bind("tenant", tenant.value())
                .bindArray("operations", UUID.class, operations.toArray())
                .bind("into", into)
                .execute();
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

    /** Notes what a run cost whose answer nobody gets. */
    void noteCost(Handle handle, Turn turn, Outcome outcome) {
        handle.createUpdate("""
                        update operation
                           set decision_id = :decision, decided_at = :decidedAt, run_id = :run, provider = :provider,
                               model = :model, ran_at = :ranAt, settled_at = :settledAt, credits = :credits,
                               input_tokens = :inputTokens, output_tokens = :outputTokens, updated_at = now()
                         where tenant_id = :tenant and id = :operation
                        """)
                .bind("tenant", turn.tenant().value())
                .bind("operation", turn.operationId())
                .bind("decision", outcome.decision().decisionId())
                .bind("decidedAt", outcome.decidedAt())
                .bind("run", outcome.run().runId())
                .bind("provider", outcome.run().provider())
                .bind("model", outcome.run().model())
                .bind("ranAt", outcome.ranAt())
                .bind("settledAt", outcome.settledAt())
                .bind("credits", outcome.credits())
                .bind("inputTokens", outcome.run().usage().inputTokens())
                .bind("outputTokens", outcome.run().usage().outputTokens())
                .execute();
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
