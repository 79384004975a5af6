package dev.parley.platform.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.TenantTable.Emptying;
import dev.parley.platform.lifecycle.TenantTable.Retention;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Deletes what is older than the periods that a tenant has set, once a day for each tenant and by one replica; and,
 * for two days, what is left of an erased one.
 */
@ApplicationScoped
public class RetentionJob {
    private static final Logger LOG = Logger.getLogger(RetentionJob.class);
    private static final int TENANTS = 50;
    private static final int CHUNK = 2_000;
    private static final Duration ERASED_LATELY = Duration.ofDays(2);
    private static final Duration NEVER_LONGER_UNDER_WAY = Duration.ofDays(1);

    private final Database database;
    private final TenantData data;
    private final TenantErasure erasure;
    private final ObjectStore store;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Duration every;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("retention").factory());

    RetentionJob(
            Database database,
            TenantData data,
            TenantErasure erasure,
            ObjectStore store,
            ObjectMapper mapper,
            Clock clock,
            @ConfigProperty(name = "parley.retention.every", defaultValue = "10M") Duration every) {
        this.database = database;
        this.data = data;
        this.erasure = erasure;
        this.store = store;
        this.mapper = mapper;
        this.clock = clock;
        this.every = every;
    }

    void start(@Observes StartupEvent event) {
        timer.scheduleWithFixedDelay(this::runAll, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent event) {
        timer.shutdown();
    }

    private void runAll() {
        try {
            while (run() > 0 && !timer.isShutdown()) {
                LOG.debug("there may be more tenants whose data is due");
            }
        } catch (RuntimeException failure) {
            LOG.warnf(failure, "data past its period stays for now");
        }
    }

    /** Takes up to fifty tenants that are due, ends their old data, and returns how many they were. */
    public int run() {
        List<Due> due = database.acrossTenants(this::claim);
        for (Due one : due) {
            try {
                purge(one);
            } catch (RuntimeException failure) {
                LOG.warnf(failure, "data of tenant %s past its period stays until tomorrow", one.tenant());
            }
        }
        return due.size();
    }

    private void purge(Due due) {
        if (due.destroyedAt() != null) {
            if (due.destroyedAt().isAfter(clock.instant().minus(ERASED_LATELY))) {
                erasure.sweep(due.tenant());
            }
            return;
        }
        for (TenantTable table : data.tables()) {
            if (table.files() != null) {
                endFilesWithoutRows(due.tenant(), table);
            }
            Retention retention = table.retention();
            JsonNode days = retention == null ? null : due.periods().get(retention.kind());
            if (days != null && days.canConvertToInt()) {
                purge(due.tenant(), table, retention, clock.instant().minus(Duration.ofDays(days.intValue())));
            }
        }
    }

    private void purge(TenantId tenant, TenantTable table, Retention retention, Instant cutoff) {
        while (deleted(tenant, table, retention.aged(), cutoff) == CHUNK) {
            LOG.debugf("%s of tenant %s: another chunk", table.name(), tenant);
        }
        Emptying emptying = retention.emptying();
        // By the service's own role: the one that deletes writes nothing.
        while (emptying != null
                && database.inTenant(tenant, handle -> empty(handle, table.name(), emptying, cutoff)) == CHUNK) {
            LOG.debugf("%s of tenant %s: another chunk is emptied", table.name(), tenant);
        }
    }

    private static int empty(Handle handle, String table, Emptying emptying, Instant cutoff) {
        return handle.createUpdate("update app." + table + " set " + emptying.columns()
                        + " where tenant_id = app.tenant() and ctid = any(array(select ctid from app." + table
                        + " where tenant_id = app.tenant() and (" + emptying.aged() + ") limit :chunk))")
                .bind("cutoff", OffsetDateTime.ofInstant(cutoff, ZoneOffset.UTC))
                .bind("chunk", CHUNK)
                .execute();
    }

    private int deleted(TenantId tenant, TenantTable table, String aged, Instant cutoff) {
        if (table.files() == null) {
            return database.asEraser(tenant, handle -> deleteChunk(handle, table.name(), aged, cutoff));
        }
        // Files first: a row whose file is gone can still be found and ended, the other way round it cannot.
        List<UUID> ids = database.asEraser(tenant, handle -> agedIds(handle, table.name(), aged, cutoff));
        ids.forEach(id -> store.deleteAll(tenant + "/" + table.files() + "/" + id));
        database.asEraser(tenant, handle -> delete(handle, table.name(), ids));
        return ids.size();
    }

    private static List<UUID> agedIds(Handle handle, String table, String aged, Instant cutoff) {
        return handle.createQuery("select id from app." + table + " where tenant_id = app.tenant() and (" + aged
                        + ") limit :chunk")
                .bind("cutoff", OffsetDateTime.ofInstant(cutoff, ZoneOffset.UTC))
                .bind("chunk", CHUNK)
                .mapTo(UUID.class)
                .list();
    }

    private static int delete(Handle handle, String table, List<UUID> ids) {
        return handle.createUpdate("delete from app." + table + " where tenant_id = app.tenant() and id = any(:ids)")
                .bindArray("ids", UUID.class, ids.toArray())
                .execute();
    }

    /** What a process left behind that died between a file and its row. */
    private void endFilesWithoutRows(TenantId tenant, TenantTable table) {
        String folder = tenant + "/" + table.files();
        store.eachOlder(folder, clock.instant().minus(NEVER_LONGER_UNDER_WAY), names -> {
            List<UUID> ids = names.stream().map(UUID::fromString).toList();
            Set<UUID> known = database.asEraser(tenant, handle -> handle.createQuery(
                            "select id from app." + table.name() + " where tenant_id = app.tenant() and id = any(:ids)")
                    .bindArray("ids", UUID.class, ids.toArray())
                    .mapTo(UUID.class)
                    .set());
            ids.stream().filter(id -> !known.contains(id)).forEach(id -> store.deleteAll(folder + "/" + id));
        });
    }

    private static int deleteChunk(Handle handle, String table, String aged, Instant cutoff) {
        return handle.createUpdate("delete from app." + table
                        + " where tenant_id = app.tenant() and ctid = any(array(select ctid from app." + table
                        + " where tenant_id = app.tenant() and (" + aged + ") limit :chunk))")
                .bind("cutoff", OffsetDateTime.ofInstant(cutoff, ZoneOffset.UTC))
                .bind("chunk", CHUNK)
                .execute();
    }

    private List<Due> claim(Handle relay) {
        return relay.createQuery("""
                        update tenant_event_key set purge_after = now() + interval '1 day'
                         where tenant_id in (select tenant_id from tenant_event_key
                                              where purge_after <= now() and tenant_id <> :platform
                                              order by purge_after limit :tenants for update skip locked)
                        returning tenant_id, retention, destroyed_at
                        """)
                .bind("platform", TenantId.PLATFORM.value())
                .bind("tenants", TENANTS)
                .map((row, context) -> new Due(
                        new TenantId(row.getObject("tenant_id", UUID.class)),
                        json(row.getString("retention")),
                        Columns.instant(row, "destroyed_at")))
                .list();
    }

    private JsonNode json(String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }

    private record Due(
            TenantId tenant, JsonNode periods, @Nullable Instant destroyedAt) {}
}
