package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import jakarta.enterprise.context.ApplicationScoped;
import org.jdbi.v3.core.Handle;

/** What messengers told us and nobody answers. */
@ApplicationScoped
class InboundRepository {
    /** Stores an event that nobody answers; false when it was stored before. */
    boolean note(Handle handle, AccountRoute route, InboundEvent event, String raw) {
        return handle.createUpdate("""
            insert into inbound_event (tenant_id, channel_account_id, event_id, kind, raw)
            values (:tenant, :account, :event, :kind, :raw)
            on conflict do nothing
            """)
                        .bind("tenant", route.tenant().value())
                        .bind("account", route.accountId())
                        .bind("event", event.id())
                        .bind("kind", event.kind())
                        .bind("raw", raw)
                        .execute()
                == 1;
    }
}
