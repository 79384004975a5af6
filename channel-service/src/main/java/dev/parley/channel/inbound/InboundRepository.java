package dev.parley.channel.inbound;

import dev.parley.channel.account.AccountRoute;
import dev.parley.channel.adapter.InboundEvent;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What messengers told us and nobody answers. */
@ApplicationScoped
class InboundRepository {
    /** Stores events that nobody answers; returns the ids of those that were not stored before. */
    Set<String> note(Handle handle, AccountRoute route, List<InboundEvent> events) {
        if (events.isEmpty()) {
            return Set.of();
        }
        return new HashSet<>(handle.createQuery("""
                        insert into inbound_event (tenant_id, channel_account_id, event_id, kind, raw)
                        select :tenant, :account, e.id, e.kind, e.raw
                          from unnest(cast(:ids as text[]), cast(:kinds as text[]), cast(:raws as text[]))
                               as e (id, kind, raw)
                        on conflict do nothing
                        returning event_id
                        """)
                .bind("tenant", route.tenant().value())
                .bind("account", route.accountId())
                .bind("ids", events.stream().map(InboundEvent::id).toArray(String[]::new))
                .bind("kinds", events.stream().map(InboundEvent::kind).toArray(String[]::new))
                .bind("raws", events.stream().map(InboundRepository::raw).toArray(String[]::new))
                .mapTo(String.class)
                .list());
    }

    /** What the event says, alone; nothing of a status, whose words are all in columns. */
    private static @Nullable String raw(InboundEvent event) {
        return switch (event) {
            case InboundEvent.Other other -> other.raw();
            case InboundEvent.Elsewhere elsewhere -> elsewhere.raw();
            case InboundEvent.Edit edit -> edit.text();
            case InboundEvent.Move move -> move.from() + " " + move.to();
            case InboundEvent.Message message -> message.message().written();
            case InboundEvent.Status status -> null;
        };
    }
}
