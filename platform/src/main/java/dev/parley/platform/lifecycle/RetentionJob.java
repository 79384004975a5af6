package dev.parley.platform.lifecycle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.platform.data.Database;
import dev.parley.platform.lifecycle.TenantTable.Retention;
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

    private final Database database;
    private final TenantData data;
    private final TenantErasure erasure;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Duration every;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("retention").factory());

    RetentionJob(
            Database database,
            TenantData data,
            TenantErasure erasure,
            ObjectMapper mapper,
            Clock clock,
            @ConfigProperty(name = "parley.retention.every", defaultValue = "10M") Duration every) {
        this.database = database;
        this.data = data;
        this.erasure = erasure;
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
        due.forEach(this::purge);
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
            Retention retention = table.retention();
            JsonNode days = retention == null ? null : due.periods().get(retention.kind());
            if (days != null && days.canConvertToInt()) {
                purge(due.tenant(), table.name(), retention, clock.instant().minus(Duration.ofDays(days.intValue())));
            }
        }
    }

    private void purge(TenantId tenant, String table, Retention retention, Instant cutoff) {
        while (database.asEraser(tenant, handle -> deleteChunk(handle, table, retention.aged(), cutoff)) == CHUNK) {
            LOG.debugf("%s of tenant %s: another chunk", table, tenant);
        }
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
                        instant(row.getObject("destroyed_at", OffsetDateTime.class))))
                .list();
    }

    private JsonNode json(String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("jsonb that is no JSON", impossible);
        }
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    private record Due(
            TenantId tenant, JsonNode periods, @Nullable Instant destroyedAt) {}
}
