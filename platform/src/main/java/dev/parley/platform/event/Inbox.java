package dev.parley.platform.event;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Remembers, in the transaction of the effect, which events a consumer has applied. */
final class Inbox {
    private Inbox() {}

    /** Notes the events as applied and returns those that were not before, in their order. */
    static List<ReceivedEvent> firstSeen(Handle handle, String consumer, List<ReceivedEvent> events) {
        Set<UUID> fresh = handle
                .createQuery("""
                        insert into processed_event (tenant_id, consumer, event_id)
                        select app.tenant(), :consumer, id from unnest(cast(:ids as uuid[])) id
                        on conflict do nothing returning event_id
                        """)
                .bind("consumer", consumer)
                .bind(
                        "ids",
                        "{"
                                + events.stream()
                                        .map(event -> event.id().toString())
                                        .distinct()
                                        .collect(Collectors.joining(","))
                                + "}")
                .mapTo(UUID.class)
                .stream()
                .collect(Collectors.toSet());
        return events.stream().filter(event -> fresh.remove(event.id())).toList();
    }
}
