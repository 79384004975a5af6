package dev.parley.channel.webhooklog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.channel.webhookdelivery.Happening;
import dev.parley.platform.data.Columns;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The log of deliveries. */
@ApplicationScoped
class LogRepository {
    private static final String COLUMNS = """
            select event_id, type, state, tries, case when state = 'pending' then due_at end as due_at,
                   cast(attempts -> -1 ->> 'status' as int) as last_status, attempts -> -1 ->> 'error' as last_error,
                   created_at, updated_at
            """;
    private static final String AGAIN = """
            update webhook_delivery set state = 'pending', tries = 0, due_at = now(), updated_at = now()
            """;

    private static final Set<String> UNTAKEN = Set.of("failed", "skipped");
    /** Between an event's id and its delivery, whatever Kafka and clocks do. */
    private static final Duration SLACK = Duration.ofHours(1);

    private final ObjectMapper json;

    LogRepository(ObjectMapper json) {
        this.json = json;
    }

    List<DeliveryResponse> list(
            Handle handle, TenantId tenant, UUID endpoint, @Nullable String state, @Nullable UUID before, int limit) {
        // Said in the index's own words: what was not taken is found without reading what was.
        String untaken = state != null && UNTAKEN.contains(state) ? " and state in ('failed', 'skipped')" : "";
        return handle.createQuery(COLUMNS + """
                          from webhook_delivery where tenant_id = :tenant and endpoint_id = :endpoint
                           and (cast(:state as text) is null or state = :state)
                        """ + untaken + """
                           and (cast(:before as uuid) is null or event_id < cast(:before as uuid))
                         order by event_id desc limit :limit
                        """)
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("state", state)
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> delivery(row, null, null))
                .list();
    }

    Optional<DeliveryResponse> find(Handle handle, TenantId tenant, UUID endpoint, UUID event) {
        return handle.createQuery(COLUMNS + """
                             , payload, cast(attempts as text) as attempts
                          from webhook_delivery where tenant_id = :tenant and endpoint_id = :endpoint and event_id = :event
                        """)
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("event", event)
                .map((row, context) -> delivery(row, row.getString("payload"), attempts(row.getString("attempts"))))
                .findOne();
    }

    void insert(Handle handle, TenantId tenant, UUID endpoint, Happening happening) {
        handle.createUpdate("""
                        insert into webhook_delivery (tenant_id, endpoint_id, event_id, type, payload, state, due_at)
                        values (:tenant, :endpoint, :event, :type, :payload, 'pending', now())
                        """)
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("event", happening.id())
                .bind("type", happening.type())
                .bind("payload", happening.payload())
                .execute();
    }

    /** Sends one again from the beginning of the schedule; one that waits is sent now. Returns how many there are. */
    int again(Handle handle, TenantId tenant, UUID endpoint, UUID event) {
        return handle.createUpdate(
                        AGAIN + " where tenant_id = :tenant and endpoint_id = :endpoint and event_id = :event")
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("event", event)
                .execute();
    }

    /** Sends up to so many again that ended, those after that event, the oldest first; the last of them, and how many. */
    List<UUID> again(
            Handle handle,
            TenantId tenant,
            UUID endpoint,
            Instant from,
            Instant to,
            boolean delivered,
            @Nullable UUID after,
            int limit) {
        return handle.createQuery("""
                        with chosen as (
                            select event_id from webhook_delivery
                             where tenant_id = :tenant and endpoint_id = :endpoint
                               and created_at >= :from and created_at < :to
                               and event_id >= :first and event_id < :last
                               and (state in ('failed', 'skipped') or state = 'delivered' and :delivered)
                               and (cast(:after as uuid) is null or event_id > cast(:after as uuid))
                             order by event_id limit :limit)
                        update webhook_delivery d set state = 'pending', tries = 0, due_at = now(), updated_at = now()
                          from chosen where d.tenant_id = :tenant and d.endpoint_id = :endpoint
                           and d.event_id = chosen.event_id
                        returning d.event_id
                        """)
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .bind("from", from.atOffset(ZoneOffset.UTC))
                .bind("to", to.atOffset(ZoneOffset.UTC))
                .bind("first", firstId(from.minus(SLACK)))
                .bind("last", firstId(to.plus(SLACK)))
                .bind("delivered", delivered)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list();
    }

    /** The least UUIDv7 of a time: ids of events tell when they were made, so a time is found by the key. */
    private static UUID firstId(Instant time) {
        return new UUID(Math.max(0, time.toEpochMilli()) << 16 | 0x7000L, 0x8000_0000_0000_0000L);
    }

    /** Wakes a queue, also one that waits for its endpoint; before its deliveries are changed, because who serves it takes the rows in that order too. */
    void wake(Handle handle, TenantId tenant, UUID endpoint) {
        handle.createUpdate("""
                        update webhook_queue set due_at = least(due_at, now()), not_before = '-infinity', updated_at = now()
                         where tenant_id = :tenant and endpoint_id = :endpoint
                        """)
                .bind("tenant", tenant.value())
                .bind("endpoint", endpoint)
                .execute();
    }

    /**
     * Ends what is older than that, at most so many, unless another replica is about it; needs the relay role. What was
     * sent again since stays until it has ended. Returns how many.
     */
    int purge(Handle acrossTenants, Duration age, int limit) {
        return acrossTenants
                .createUpdate("""
                        with mine as materialized (
                            select pg_try_advisory_xact_lock(hashtext('webhook_delivery')) as ours)
                        delete from webhook_delivery d using (
                            select w.tenant_id, w.endpoint_id, w.event_id from webhook_queue q
                             cross join lateral (
                                select tenant_id, endpoint_id, event_id from webhook_delivery
                                 where tenant_id = q.tenant_id and endpoint_id = q.endpoint_id
                                   and event_id < uuidv7(make_interval(secs => - :age))
                                   and created_at < now() - make_interval(secs => :age)
                                   and (state <> 'pending' or updated_at < now() - make_interval(secs => :age))
                                 order by event_id limit 500) w
                             where (select ours from mine)
                             limit :limit) old
                         where d.tenant_id = old.tenant_id and d.endpoint_id = old.endpoint_id and d.event_id = old.event_id
                        """)
                .bind("age", (double) age.toSeconds())
                .bind("limit", limit)
                .execute();
    }

    /** Ends deleted endpoints with their queues when nothing is left of their log, at most so many; needs the relay role. */
    void purgeEndpoints(Handle acrossTenants, int limit) {
        acrossTenants.createUpdate("""
                        with over as (
                            select e.tenant_id, e.id from webhook_endpoint e
                             where e.deleted_at < now() - interval '1 hour'
                               and not exists (select from webhook_delivery d
                                                where d.tenant_id = e.tenant_id and d.endpoint_id = e.id)
                             limit :limit),
                        queues as (
                            delete from webhook_queue q using over
                             where q.tenant_id = over.tenant_id and q.endpoint_id = over.id)
                        delete from webhook_endpoint e using over where e.tenant_id = over.tenant_id and e.id = over.id
                        """).bind("limit", limit).execute();
    }

    private DeliveryResponse delivery(ResultSet row, @Nullable String payload, @Nullable List<AttemptResponse> attempts)
            throws SQLException {
        return new DeliveryResponse(
                row.getObject("event_id", UUID.class),
                row.getString("type"),
                row.getString("state"),
                row.getInt("tries"),
                Columns.instant(row, "due_at"),
                row.getObject("last_status", Integer.class),
                row.getString("last_error"),
                payload,
                attempts,
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private List<AttemptResponse> attempts(String text) {
        try {
            return Arrays.asList(json.readValue(text, AttemptResponse[].class));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an attempt that cannot be read", impossible);
        }
    }
}
