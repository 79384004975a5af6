package dev.parley.channel.webhookdelivery;

import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Queues and what is due in them. All times are the database's, so replicas with wrong clocks agree on leases. */
@ApplicationScoped
class QueueRepository {
    private static final int MOST_ATTEMPTS_KEPT = 40;

    private static final String FETCH = """
            select d.event_id, d.payload, d.tries, e.version, clock_timestamp() as read_at
              from webhook_queue q
              join webhook_endpoint e on e.tenant_id = q.tenant_id and e.id = q.endpoint_id
              join webhook_delivery d on d.tenant_id = q.tenant_id and d.endpoint_id = q.endpoint_id
             where q.tenant_id = ? and q.endpoint_id = ? and q.fence = ? and q.active and q.not_before <= now()
               and d.state = 'pending' and d.due_at <= now() and d.event_id <> all (?::uuid[])
             order by d.due_at, d.event_id limit ?
            """;

    // The ids are named twice: by the join alone, a planner with old statistics reads the endpoint's whole log.
    private static final String WRITE = """
            with held as (
                update webhook_queue set lease_until = now() + make_interval(secs => ?),
                       not_before = greatest(not_before, now() + make_interval(secs => ?)),
                       failing_since = case when ? then null when ? then coalesce(failing_since, now()) else failing_since end,
                       failures = ?, exhausted = case when ? then 0 else exhausted end + ?, updated_at = now()
                 where tenant_id = ? and endpoint_id = ? and fence = ?
                returning coalesce(failing_since < now() - make_interval(secs => ?), false) as failing_long, exhausted),
            written as (
                update webhook_delivery d set state = r.state, tries = d.tries + 1,
                       due_at = case when r.wait < 0 then d.due_at else now() + make_interval(secs => r.wait) end,
                       attempts = case when jsonb_array_length(d.attempts) < ? then d.attempts else d.attempts - 0 end
                                  || r.attempt::jsonb,
                       updated_at = now()
                  from unnest(?::uuid[], ?::text[], ?::float8[], ?::text[]) as r (event_id, state, wait, attempt)
                 where d.tenant_id = ? and d.endpoint_id = ? and d.event_id = r.event_id and d.event_id = any (?::uuid[])
                   and d.state = 'pending'
                   and exists (select from held))
            select failing_long, exhausted from held
            """;

    private final Database database;

    QueueRepository(Database database) {
        this.database = database;
    }

    /**
     * Takes queues in which something may be due, what waits longest first; needs the relay role.
     *
     * @param doubtful whether of endpoints that are doubted, or of the others
     * @param full tenants that have enough of these places
     */
    List<Lease> claim(Handle acrossTenants, boolean doubtful, Collection<TenantId> full, int limit, Duration lease) {
        return acrossTenants
                .createQuery("""
                        with due as (
                            select tenant_id, endpoint_id from webhook_queue
                             where active and due_at <= now() and lease_until < now() and (failures >= 3) = :doubtful
                               and tenant_id <> all(:full)
                             order by due_at limit :limit for no key update skip locked)
                        update webhook_queue q set lease_until = now() + make_interval(secs => :lease), fence = q.fence + 1
                          from due where q.tenant_id = due.tenant_id and q.endpoint_id = due.endpoint_id
                        returning q.tenant_id, q.endpoint_id, q.fence, q.failures
                        """)
                .bind("doubtful", doubtful)
                .bindArray(
                        "full", UUID.class, full.stream().map(TenantId::value).toList())
                .bind("limit", limit)
                .bind("lease", Columns.seconds(lease))
                .map((row, context) -> new Lease(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        row.getObject("endpoint_id", UUID.class),
                        row.getLong("fence"),
                        row.getInt("failures")))
                .list();
    }

    /** What is due and not among those in hand, in its order; nothing when the lease is lost or the queue stands still. */
    List<Due> fetch(Lease lease, Collection<UUID> inHand, int limit) {
        return database.statement(lease.tenant(), FETCH)
                .bind(lease.tenant())
                .bind(lease.endpoint())
                .bind(lease.fence())
                .bind(inHand.stream().map(UUID::toString).toArray(String[]::new))
                .bind(limit)
                .list(row -> new Due(
                        row.getObject("event_id", UUID.class),
                        row.getString("payload"),
                        row.getInt("tries"),
                        row.getInt("version"),
                        row.getObject("read_at", OffsetDateTime.class).toInstant()));
    }

    /**
     * How a queue goes on after results.
     *
     * @param failures how many attempts in a row were not taken
     * @param rest how long the whole queue rests
     * @param ordered whether it is first in, first out
     */
    record Standing(int failures, Duration rest, boolean ordered) {}

    /** How an endpoint does after results were written: whether it failed for too long, and how much it never took. */
    record Health(boolean failingLong, int exhausted) {}

    /** Writes results and prolongs the lease; empty when somebody else has it by now, and nothing was written. */
    Optional<Health> write(
            Lease lease, List<Result> results, List<String> attempts, Standing standing, DeliveryConfig config) {
        boolean ordered = standing.ordered();
        boolean taken = results.stream().anyMatch(result -> result.attempt().taken());
        boolean refused = results.stream().anyMatch(result -> !result.attempt().taken());
        long exhausted =
                results.stream().filter(result -> result.verdict().exhausted()).count();
        double pause = results.stream()
                .map(Result::verdict)
                .map(verdict -> ordered && verdict.nextIn() != null ? verdict.nextIn() : verdict.pause())
                .mapToDouble(wait -> wait == null ? 0 : Columns.seconds(wait))
                .reduce(Columns.seconds(standing.rest()), Math::max);
        String[] events =
                results.stream().map(result -> result.event().toString()).toArray(String[]::new);
        return database.statement(lease.tenant(), WRITE)
                .bind(Columns.seconds(config.lease()))
                .bind(pause)
                .bind(taken)
                .bind(refused)
                .bind(standing.failures())
                .bind(taken)
                .bind((int) exhausted)
                .bind(lease.tenant())
                .bind(lease.endpoint())
                .bind(lease.fence())
                .bind(Columns.seconds(config.patience()))
                .bind(MOST_ATTEMPTS_KEPT)
                .bind(events)
                .bind(results.stream()
                        .map(result -> result.verdict().state().text())
                        .toArray(String[]::new))
                .bind(results.stream()
                        .map(result -> dueIn(result.verdict(), ordered))
                        .toArray(Double[]::new))
                .bind(attempts.toArray(String[]::new))
                .bind(lease.tenant())
                .bind(lease.endpoint())
                .bind(events)
                .first(row -> new Health(row.getBoolean("failing_long"), row.getInt("exhausted")));
    }

    /** What keeps its place in its order has no new time: then the whole queue waits. */
    private static double dueIn(Verdict verdict, boolean ordered) {
        return ordered || verdict.nextIn() == null ? -1 : Columns.seconds(verdict.nextIn());
    }

    /**
     * Gives a queue back until something in it is due. Whoever tells events shares the queue's row until it has committed,
     * and this wants it alone, so nothing is told between the look and the new time.
     *
     * @return false when something is due already, or being told: the lease is still ours
     */
    boolean release(Handle handle, Lease lease) {
        boolean[] row = handle.createQuery("""
                        with locked as (
                            select endpoint_id from webhook_queue
                             where tenant_id = :tenant and endpoint_id = :endpoint and fence = :fence for update skip locked)
                        select exists (select from webhook_queue where tenant_id = :tenant and endpoint_id = :endpoint
                                          and fence = :fence) as held,
                               exists (select from locked) as alone
                        """)
                .bind("tenant", lease.tenant().value())
                .bind("endpoint", lease.endpoint())
                .bind("fence", lease.fence())
                .map((rs, context) -> new boolean[] {rs.getBoolean("held"), rs.getBoolean("alone")})
                .one();
        boolean held = row[0];
        boolean alone = row[1];
        if (!held) {
            return true;
        }
        return alone
                && handle.createUpdate("""
                        update webhook_queue q set lease_until = '-infinity', due_at = n.due_at, updated_at = now()
                          from (select greatest(w.not_before, coalesce((
                                           select min(d.due_at) from webhook_delivery d
                                            where d.tenant_id = w.tenant_id and d.endpoint_id = w.endpoint_id
                                              and d.state = 'pending'), 'infinity')) as due_at
                                  from webhook_queue w where w.tenant_id = :tenant and w.endpoint_id = :endpoint) n
                         where q.tenant_id = :tenant and q.endpoint_id = :endpoint and (n.due_at > clock_timestamp() or not q.active)
                        """)
                                .bind("tenant", lease.tenant().value())
                                .bind("endpoint", lease.endpoint())
                                .execute()
                        == 1;
    }

    /** Gives a queue back as it is, for anybody to go on after that time: at the end of the order. */
    void handOver(Handle handle, Lease lease, Duration wait) {
        handle.createUpdate("""
                        update webhook_queue set lease_until = '-infinity', due_at = now() + make_interval(secs => :wait)
                         where tenant_id = :tenant and endpoint_id = :endpoint and fence = :fence
                        """)
                .bind("tenant", lease.tenant().value())
                .bind("endpoint", lease.endpoint())
                .bind("fence", lease.fence())
                .bind("wait", Columns.seconds(wait))
                .execute();
    }
}
