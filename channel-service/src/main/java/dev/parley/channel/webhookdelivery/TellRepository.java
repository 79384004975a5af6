package dev.parley.channel.webhookdelivery;

import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Queues events for whoever asked for them, unless nothing waits for an endpoint and nobody serves it: then its queue is
 * leased, its events are attempted, and what became of them is stored at once.
 */
@ApplicationScoped
class TellRepository {
    // What is queued is read from the row that the lock returned, not from the statement's snapshot: whoever gives the
    // lease back may have moved due_at in between. It waits for nobody, and so does not hold what others wait for:
    // queues that are to be woken are locked afterwards, each writer in the same order. A lease that is lost with the
    // database's last moments costs nobody anything, so its commit waits for the disk only if something was queued too.
    // A queue in which one of these events waits already is not taken: whoever queued it may have died before it woke
    // it. Deliveries are looked up by arrays of ids, not by joins: of those a planner whose statistics are old makes
    // walks through an endpoint's whole log.
    private static final String TELL = """
            with told as (
                select * from unnest(?::uuid[], ?::text[], ?::text[]) with ordinality as t (event_id, type, payload, place)),
            free as (
                select w.endpoint_id, e.version, e.events
                  from webhook_queue w join webhook_endpoint e on e.tenant_id = w.tenant_id and e.id = w.endpoint_id
                 where ? and w.tenant_id = ? and e.deleted_at is null and not e.fifo and e.events && ?::text[]
                   and e.id <> all (?::uuid[])
                   and w.active and w.failures < 3 and w.due_at > now() and w.not_before <= now() and w.lease_until < now()
                   and not exists (select from webhook_delivery d
                                    where d.tenant_id = w.tenant_id and d.endpoint_id = w.endpoint_id
                                      and d.event_id = any (?::uuid[]) and d.state = 'pending')
                   for no key update of w skip locked),
            taken as (
                update webhook_queue w set lease_until = now() + make_interval(secs => ?), fence = w.fence + 1
                  from free where w.tenant_id = ? and w.endpoint_id = free.endpoint_id
                returning w.endpoint_id, w.fence, w.failures, free.version, free.events),
            listening as (
                select q.endpoint_id, q.active, q.due_at, q.not_before, e.events
                  from webhook_queue q join webhook_endpoint e on e.tenant_id = q.tenant_id and e.id = q.endpoint_id
                 where q.tenant_id = ? and e.deleted_at is null and e.events && ?::text[]
                   and q.endpoint_id not in (select endpoint_id from taken)
                   for key share of q),
            written as (
                insert into webhook_delivery (tenant_id, endpoint_id, event_id, type, payload, state, due_at)
                select ?, l.endpoint_id, t.event_id, t.type, t.payload,
                       case when l.active then 'pending' else 'skipped' end, now() + t.place * interval '1 microsecond'
                  from told t join listening l on l.events && array['*', t.type]
                    on conflict do nothing)
            select t.endpoint_id, t.fence, t.failures, t.version, t.events, clock_timestamp() as read_at,
                   array(select d.event_id from webhook_delivery d
                          where d.tenant_id = ? and d.endpoint_id = t.endpoint_id
                            and d.event_id = any (?::uuid[])) as known,
                   array(select l.endpoint_id from listening l
                          where l.active and l.due_at > greatest(now(), l.not_before)) as asleep,
                   case when not exists (select from listening) then set_config('synchronous_commit', 'off', true) end
              from (select 1) one left join taken t on true
            """;

    private static final String WAKE = """
            with asleep as (
                select endpoint_id from webhook_queue
                 where tenant_id = ? and endpoint_id = any (?::uuid[]) and active and due_at > greatest(now(), not_before)
                 order by endpoint_id for no key update)
            update webhook_queue w set due_at = greatest(now(), w.not_before), updated_at = now()
              from asleep where w.tenant_id = ? and w.endpoint_id = asleep.endpoint_id
            """;

    // What was taken is with its endpoint: when nothing else is stored, the commit does not wait for the disk.
    private static final String STORE = """
            with told as (
                select * from unnest(?::uuid[], ?::text[], ?::text[]) with ordinality as t (event_id, type, payload, place)),
            ours as (
                select q.endpoint_id, e.taken, e.failures, e.wait, e.pause, e.kept
                  from unnest(?::uuid[], ?::bigint[], ?::boolean[], ?::int[], ?::float8[], ?::float8[], ?::boolean[])
                         as e (endpoint_id, fence, taken, failures, wait, pause, kept)
                  join webhook_queue q on q.tenant_id = ? and q.endpoint_id = e.endpoint_id and q.fence = e.fence
                 order by q.endpoint_id for no key update of q),
            held as (
                update webhook_queue q set
                       lease_until = case when e.kept then now() + make_interval(secs => ?) else '-infinity' end,
                       due_at = case when e.wait < 0 then q.due_at
                                     else least(q.due_at, now() + make_interval(secs => e.wait)) end,
                       not_before = greatest(q.not_before, now() + make_interval(secs => e.pause)),
                       failing_since = case when e.taken then null when e.failures > 0 then coalesce(q.failing_since, now())
                                            else q.failing_since end,
                       failures = e.failures, exhausted = case when e.taken then 0 else q.exhausted end, updated_at = now()
                  from ours e where q.tenant_id = ? and q.endpoint_id = e.endpoint_id
                returning q.endpoint_id, not e.kept and q.due_at <= now() as due),
            written as (
                insert into webhook_delivery (tenant_id, endpoint_id, event_id, type, payload, state, tries, due_at, attempts)
                select ?, r.endpoint_id, t.event_id, t.type, t.payload, r.state,
                       case when r.attempt is null then 0 else 1 end, now() + make_interval(secs => r.wait),
                       case when r.attempt is null then '[]' else jsonb_build_array(r.attempt::jsonb) end
                  from unnest(?::uuid[], ?::int[], ?::text[], ?::float8[], ?::text[])
                         as r (endpoint_id, place, state, wait, attempt)
                  join held on held.endpoint_id = r.endpoint_id
                  join told t on t.place = r.place
                    on conflict do nothing)
            select endpoint_id, due, case when ? then set_config('synchronous_commit', 'off', true) end from held
            """;

    private final Database database;

    TellRepository(Database database) {
        this.database = database;
    }

    /**
     * An endpoint whose queue is ours, and which was told nothing yet.
     *
     * @param known events that it was told of before
     * @param readAt when it was taken, by the database's clock
     */
    record Taken(Lease lease, int version, Set<String> events, Set<UUID> known, Instant readAt) {
        boolean wants(Happening event) {
            return (events.contains("*") || events.contains(event.type())) && !known.contains(event.id());
        }
    }

    /** What became of events: queues that are ours, and others that sleep though something is due in them now. */
    record Told(List<Taken> taken, Set<UUID> asleep) {}

    /** Queues events once each, but for the queues that it takes, if it may take any. */
    Told tell(TenantId tenant, List<Happening> events, boolean taking, Collection<UUID> notTaken, Duration lease) {
        String[] types = Stream.concat(Stream.of("*"), events.stream().map(Happening::type))
                .distinct()
                .toArray(String[]::new);
        List<Taken> taken = new ArrayList<>();
        Set<UUID> asleep = new HashSet<>();
        String[] ids = ids(events);
        database.statement(tenant, TELL)
                .bind(ids)
                .bind(events.stream().map(Happening::type).toArray(String[]::new))
                .bind(events.stream().map(Happening::payload).toArray(String[]::new))
                .bind(taking)
                .bind(tenant)
                .bind(types)
                .bind(notTaken.stream().map(UUID::toString).toArray(String[]::new))
                .bind(ids)
                .bind(Columns.seconds(lease))
                .bind(tenant)
                .bind(tenant)
                .bind(types)
                .bind(tenant)
                .bind(tenant)
                .bind(ids)
                .list(row -> {
                    asleep.addAll(List.of((UUID[]) row.getArray("asleep").getArray()));
                    Taken one = taken(tenant, row);
                    return one == null || taken.add(one);
                });
        return new Told(taken, asleep);
    }

    /** Lets queues be served; whether any of them was asleep. */
    boolean wake(TenantId tenant, Collection<UUID> endpoints) {
        return database.statement(tenant, WAKE)
                        .bind(tenant)
                        .bind(endpoints.stream().map(UUID::toString).toArray(String[]::new))
                        .bind(tenant)
                        .update()
                > 0;
    }

    private static @Nullable Taken taken(TenantId tenant, ResultSet row) throws SQLException {
        UUID endpoint = row.getObject("endpoint_id", UUID.class);
        return endpoint == null
                ? null
                : new Taken(
                        new Lease(tenant, endpoint, row.getLong("fence"), row.getInt("failures")),
                        row.getInt("version"),
                        Set.of((String[]) row.getArray("events").getArray()),
                        Set.of((UUID[]) row.getArray("known").getArray()),
                        row.getObject("read_at", OffsetDateTime.class).toInstant());
    }

    /**
     * How a queue goes on.
     *
     * @param taken whether anything was
     * @param failures how many attempts in a row were not
     * @param dueIn seconds until something of it is due; negative when nothing is
     * @param pause seconds for which the endpoint is to be left alone
     * @param kept whether its lease goes on
     */
    record End(Lease lease, boolean taken, int failures, double dueIn, double pause, boolean kept) {}

    /**
     * What becomes of an event for an endpoint.
     *
     * @param place of the event, from one
     * @param dueIn seconds until it is due
     * @param attempt the first attempt; null when there was none yet
     */
    record Row(
            UUID endpoint,
            int place,
            DeliveryState state,
            double dueIn,
            @Nullable String attempt) {}

    /** What is stored: the endpoints whose leases still held, and whether something is due for one that was given back. */
    record Stored(Set<UUID> held, boolean due) {}

    /** Stores what became of events, and gives back the queues that are not kept. */
    Stored store(TenantId tenant, List<Happening> events, List<End> ends, List<Row> rows, Duration lease) {
        Set<UUID> held = new HashSet<>();
        boolean[] due = new boolean[1];
        database.statement(tenant, STORE)
                .bind(ids(events))
                .bind(events.stream().map(Happening::type).toArray(String[]::new))
                .bind(events.stream().map(Happening::payload).toArray(String[]::new))
                .bind(ends.stream()
                        .map(end -> end.lease().endpoint().toString())
                        .toArray(String[]::new))
                .bind(ends.stream().map(end -> end.lease().fence()).toArray(Long[]::new))
                .bind(ends.stream().map(End::taken).toArray(Boolean[]::new))
                .bind(ends.stream().map(End::failures).toArray(Integer[]::new))
                .bind(ends.stream().map(End::dueIn).toArray(Double[]::new))
                .bind(ends.stream().map(End::pause).toArray(Double[]::new))
                .bind(ends.stream().map(End::kept).toArray(Boolean[]::new))
                .bind(tenant)
                .bind(Columns.seconds(lease))
                .bind(tenant)
                .bind(tenant)
                .bind(rows.stream().map(row -> row.endpoint().toString()).toArray(String[]::new))
                .bind(rows.stream().map(Row::place).toArray(Integer[]::new))
                .bind(rows.stream().map(row -> row.state().text()).toArray(String[]::new))
                .bind(rows.stream().map(Row::dueIn).toArray(Double[]::new))
                .bind(rows.stream().map(Row::attempt).toArray(String[]::new))
                .bind(rows.stream().allMatch(row -> row.state() == DeliveryState.DELIVERED))
                .list(row -> {
                    due[0] |= row.getBoolean("due");
                    return held.add(row.getObject("endpoint_id", UUID.class));
                });
        return new Stored(held, due[0]);
    }

    private static String[] ids(List<Happening> events) {
        return events.stream().map(event -> event.id().toString()).toArray(String[]::new);
    }
}
