package dev.parley.channel.handoff;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
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
                        select c.id, c.owner, c.epoch, c.assigned_to, c.owner_until,
                               c.channel_account_id is not null as on_messenger,
                               k.opted_out_at is not null as opted_out,
                               coalesce(c.owner_until <= now(), false) as lapsed
                          from conversation c
                          left join contact k on k.tenant_id = c.tenant_id and k.id = c.contact_id
                         where c.tenant_id = :tenant and c.id = :conversation
                           for no key update of c
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .map((rs, context) -> {
                    OffsetDateTime until = rs.getObject("owner_until", OffsetDateTime.class);
                    return new Ownership(
                            rs.getObject("id", UUID.class),
                            rs.getString("owner"),
                            rs.getLong("epoch"),
                            rs.getString("assigned_to"),
                            until == null ? null : until.toInstant(),
                            rs.getBoolean("on_messenger"),
                            rs.getBoolean("opted_out"),
                            rs.getBoolean("lapsed"));
                })
                .findOne();
    }

    /** Gives the conversation to a person for that long; the bot's epoch is over. */
    void take(Handle handle, TenantId tenant, UUID conversation, String person, Duration lease) {
        handle.createUpdate("""
                        update conversation
                           set epoch = epoch + case owner when 'bot' then 1 else 0 end, owner = 'staff',
                               assigned_to = :person, owner_until = now() + make_interval(secs => :lease),
                               updated_at = now()
                         where tenant_id = :tenant and id = :conversation
                        """)
                .bind("tenant", tenant.value())
                .bind("conversation", conversation)
                .bind("person", person)
                .bind("lease", lease.toMillis() / 1000.0)
                .execute();
    }

    void giveBack(Handle handle, TenantId tenant, UUID conversation) {
        handle.createUpdate("""
                        update conversation
                           set epoch = epoch + 1, owner = 'bot', assigned_to = null, owner_until = null,
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
