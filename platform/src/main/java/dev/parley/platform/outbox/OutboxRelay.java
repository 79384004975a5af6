package dev.parley.platform.outbox;

import dev.parley.platform.data.Database;
import dev.parley.platform.data.WakeUp;
import dev.parley.platform.event.EventCodec;
import dev.parley.platform.event.EventCodec.Envelope;
import dev.parley.platform.event.KafkaSettings;
import dev.parley.platform.eventkey.EventKey;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Sends what stands in the outbox to Kafka, at least once and in order per key, each event
 * sealed with its tenant's key.
 *
 * <p>One relay per service works at a time (advisory lock). It reads only rows of transactions older than every
 * running one ({@code pg_snapshot_xmin}), so a transaction that commits late is never skipped. Rows are deleted once
 * Kafka has them; a crash in between sends them again and the inbox of the consumer recognises them.
 */
@ApplicationScoped
class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final long ADVISORY_LOCK = 0x7061726c6579L;
    private static final int BATCH = 500;
    private static final long IDLE_MILLIS = 1_000;
    private static final long GATED_MILLIS = 5;
    private static final long LONGEST_GATED_MILLIS = 40;
    private static final long GATHER_MILLIS = 100;
    private static final long KEEP_DAYS = 30;
    private static final int QUESTIONS = 8;
    private static final Future<RecordMetadata> NOT_SENT = CompletableFuture.completedFuture(null);

    private final Database database;
    private final EventCodec codec;
    private final KafkaSettings settings;
    private final WakeUp committed;
    private final EventKeys keys;
    private final boolean enabled;
    private final Set<TenantId> withoutKey = ConcurrentHashMap.newKeySet();
    private final Semaphore questions = new Semaphore(QUESTIONS);
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean stopping;
    private volatile Thread thread;

    OutboxRelay(
            Database database,
            EventCodec codec,
            KafkaSettings settings,
            Outbox outbox,
            EventKeys keys,
            MeterRegistry metrics,
            @ConfigProperty(name = "parley.outbox.enabled", defaultValue = "true") boolean enabled) {
        this.database = database;
        this.codec = codec;
        this.settings = settings;
        this.committed = outbox.committed();
        this.keys = keys;
        this.enabled = enabled;
        metrics.gauge("outbox.pending", pending);
    }

    void start(@Observes StartupEvent event) {
        if (enabled) {
            thread = Thread.ofPlatform().daemon().name("outbox-relay").start(this::run);
        }
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        committed.raise();
        Thread running = thread;
        if (running != null) {
            running.join(java.time.Duration.ofSeconds(6));
        }
    }

    private void run() {
        try (KafkaProducer<String, byte[]> producer = settings.producer()) {
            long purgeAt = System.nanoTime();
            long gated = GATED_MILLIS;
            while (!stopping) {
                long pause = step(producer);
                if (pause == GATED_MILLIS) {
                    // Somebody's transaction is open: the longer it has been, the longer it will be.
                    pause = gated;
                    gated = Math.min(2 * gated, LONGEST_GATED_MILLIS);
                } else {
                    gated = GATED_MILLIS;
                }
                if (pause > 0) {
                    if (pause == IDLE_MILLIS) {
                        committed.await(pause);
                    } else {
                        TimeUnit.MILLISECONDS.sleep(pause);
                    }
                }
                if (System.nanoTime() - purgeAt >= 0) {
                    purge();
                    purgeAt = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
                }
            }
            step(producer);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends one batch and says how many milliseconds to wait before the next. */
    private long step(KafkaProducer<String, byte[]> producer) {
        try {
            return database.acrossTenants(handle -> relay(handle, producer));
        } catch (Problem unreachable) {
            return IDLE_MILLIS;
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "the outbox could not be relayed and is tried again");
            return IDLE_MILLIS;
        }
    }

    private long relay(Handle handle, KafkaProducer<String, byte[]> producer) {
        // What follows the query ends its portal, and with it the snapshot: otherwise no dead row of a busy table could
        // be pruned while Kafka is slow. It is also why the commit does not wait for the disk: what a crash of the
        // database brings back is sent again.
        List<Row> rows = handle.createQuery("""
                        select seq, id, tenant_id, topic, key, type, subject, payload, operation_id, traceparent, occurred_at,
                               xid < pg_snapshot_xmin(pg_current_snapshot()) as settled
                          from outbox_event where (select pg_try_advisory_xact_lock(:lock))
                           and tenant_id <> all(cast(:without_key as uuid[])) order by seq limit :batch;
                        set local synchronous_commit = off
                        """)
                .bind("lock", ADVISORY_LOCK)
                .bind("batch", BATCH)
                .bind(
                        "without_key",
                        withoutKey.stream().map(TenantId::toString).collect(Collectors.joining(",", "{", "}")))
                .map((rs, ctx) -> new Row(
                        rs.getLong("seq"),
                        rs.getBoolean("settled"),
                        new Envelope(
                                rs.getObject("id", UUID.class),
                                rs.getObject("tenant_id", UUID.class),
                                rs.getString("topic"),
                                rs.getString("key"),
                                rs.getString("type"),
                                rs.getString("subject"),
                                rs.getString("payload"),
                                rs.getObject("operation_id", UUID.class),
                                rs.getString("traceparent"),
                                rs.getObject("occurred_at", OffsetDateTime.class)
                                        .toInstant())))
                .list();
        Map<TenantId, EventKey> known =
                keys.known(handle, rows.stream().map(Row::tenant).collect(Collectors.toSet()));
        List<Row> settled = new ArrayList<>();
        Set<String> held = new HashSet<>();
        for (Row row : rows) {
            if (!known.containsKey(row.tenant())) {
                held.add(row.event().key());
                ask(row.tenant());
            } else if (row.settled() && !held.contains(row.event().key())) {
                settled.add(row);
            } else {
                held.add(row.event().key());
            }
        }
        pending.set(rows.size());
        if (settled.isEmpty()) {
            return rows.isEmpty() ? IDLE_MILLIS : GATED_MILLIS;
        }
        List<Long> sent = send(settled, known, producer);
        Database.atCommit(
                handle,
                "delete from outbox_event where seq = any(cast(? as bigint[]))",
                List.of(sent.toString().replace('[', '{').replace(']', '}')));
        pending.addAndGet(-sent.size());
        if (sent.size() < settled.size()) {
            return IDLE_MILLIS;
        }
        return rows.size() == BATCH ? 0 : GATHER_MILLIS;
    }

    private static List<Long> sent(List<Row> rows, List<Future<RecordMetadata>> sends) throws InterruptedException {
        List<Long> done = new ArrayList<>();
        Set<String> stuck = new HashSet<>();
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            try {
                if (i < sends.size() && !stuck.contains(row.event().key())) {
                    sends.get(i).get(6, TimeUnit.SECONDS);
                    done.add(row.seq());
                    continue;
                }
            } catch (ExecutionException | TimeoutException failure) {
                LOG.debugf("event %s waits for Kafka: %s", row.event().id(), failure.getMessage());
            }
            stuck.add(row.event().key());
        }
        return done;
    }

    private List<Long> send(List<Row> rows, Map<TenantId, EventKey> known, KafkaProducer<String, byte[]> producer) {
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        try {
            for (Row row : rows) {
                EventKey key = known.get(row.tenant());
                // nobody could read an event of an erased tenant: it is taken away unsent
                sends.add(key.destroyed() ? NOT_SENT : producer.send(codec.encode(row.event(), key)));
            }
        } catch (org.apache.kafka.common.KafkaException unreachable) {
            LOG.debugf("Kafka takes no more events now: %s", unreachable.getMessage());
        }
        try {
            return sent(rows, sends);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** Asks for a tenant's key beside the transaction; its events wait, those of others go on. */
    private void ask(TenantId tenant) {
        if (withoutKey.add(tenant)) {
            Thread.startVirtualThread(() -> {
                questions.acquireUninterruptibly();
                try {
                    keys.of(tenant);
                } catch (RuntimeException unavailable) {
                    LOG.debugf("events of tenant %s wait for their key: %s", tenant, unavailable.getMessage());
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS));
                } finally {
                    questions.release();
                    withoutKey.remove(tenant);
                    committed.raise();
                }
            });
        }
    }

    private void purge() {
        try {
            database.acrossTenants(handle -> {
                handle.execute(
                        "delete from processed_event where processed_at < now() - make_interval(days => ?)",
                        (int) KEEP_DAYS);
                return handle.execute("delete from idempotency_record where created_at < now() - interval '2 days'");
            });
        } catch (RuntimeException failure) {
            LOG.debugf("old inbox rows stay for now: %s", failure.getMessage());
        }
    }

    private record Row(long seq, boolean settled, Envelope event) {
        TenantId tenant() {
            return new TenantId(event.tenantId());
        }
    }
}
