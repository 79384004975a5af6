package dev.parley.channel.webhookevent;

import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Which tenants have queues. */
@ApplicationScoped
class ListenerRepository {
    /** The tenants with a queue that was made since then; needs the relay role. */
    List<TenantId> tenants(Handle acrossTenants, Instant since) {
        return acrossTenants
                .createQuery("select distinct tenant_id from webhook_queue where created_at >= :since")
                .bind("since", since.atOffset(ZoneOffset.UTC))
                .mapTo(UUID.class)
                .map(TenantId::new)
                .list();
    }
}
