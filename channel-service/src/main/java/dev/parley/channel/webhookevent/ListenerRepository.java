package dev.parley.channel.webhookevent;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Which tenants have queues. */
@ApplicationScoped
class ListenerRepository {
    /**
     * What was seen at one moment.
     *
     * @param at when, by the clock that also stamps events and queues: the database's
     */
    record Look(Instant at, List<TenantId> tenants) {}

    /** The tenants with a queue that was made since then; needs the relay role. */
    Look look(Handle acrossTenants, Instant since) {
        return acrossTenants
                .createQuery("""
                        select now() as at,
                               array(select distinct tenant_id from webhook_queue where created_at >= :since) as tenants
                        """)
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .map((row, context) -> new Look(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        Arrays.stream((UUID[]) row.getArray("tenants").getArray())
                                .map(TenantId::new)
                                .toList()))
                .one();
    }
}
