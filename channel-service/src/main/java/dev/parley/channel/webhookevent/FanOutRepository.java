package dev.parley.channel.webhookevent;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Writes a delivery for each endpoint that asked for an event. */
@ApplicationScoped
class FanOutRepository {
    // Everything is read from the row that the lock returned, not from the statement's snapshot: whoever gives the
    // lease
    // back may have moved due_at in between, and a queue that nobody wakes would sleep for ever.
    private static final String TELL = """
            with told as (
                select * from unnest(?::uuid[], ?::text[], ?::text[]) with ordinality as t (event_id, type, payload, place)),
            listening as (
                select q.endpoint_id, q.active, q.due_at, q.not_before, e.events
                  from webhook_queue q
                  join webhook_endpoint e on e.tenant_id = q.tenant_id and e.id = q.endpoint_id
                 where q.tenant_id = ? and e.deleted_at is null
                   for key share of q),
            written as (
                insert into webhook_delivery (tenant_id, endpoint_id, event_id, type, payload, state, due_at)
                select ?, l.endpoint_id, t.event_id, t.type, t.payload,
                       case when l.active then 'pending' else 'skipped' end, now() + t.place * interval '1 microsecond'
                  from told t join listening l on l.events && array['*', t.type]
                    on conflict do nothing
                returning endpoint_id)
            update webhook_queue w set due_at = greatest(now(), l.not_before), updated_at = now()
              from listening l
             where w.tenant_id = ? and w.endpoint_id = l.endpoint_id and l.active
               and l.due_at > greatest(now(), l.not_before)
               and l.endpoint_id in (select endpoint_id from written)
            """;

    private final Database database;

    FanOutRepository(Database database) {
        this.database = database;
    }

    /** Queues events for whoever of the tenant asked for them, once each; returns how many queues are to be woken. */
    int tell(TenantId tenant, List<Happening> events) {
        return database.statement(tenant, TELL)
                .bind(events.stream().map(event -> event.id().toString()).toArray(String[]::new))
                .bind(events.stream().map(Happening::type).toArray(String[]::new))
                .bind(events.stream().map(Happening::payload).toArray(String[]::new))
                .bind(tenant)
                .bind(tenant)
                .bind(tenant)
                .update();
    }
}
