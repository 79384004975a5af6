package dev.parley.platform.crypto;

import dev.parley.platform.data.Database;
import dev.parley.platform.data.Sweep;
import dev.parley.platform.tenancy.TenantId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Wraps all keys of tenants by the primary master key, whichever master key has wrapped them before. A wrapped key is
 * replaced only if it is still the one that was read, so that a key which somebody destroys meanwhile stays destroyed.
 */
@ApplicationScoped
public class MasterRewrap {
    private static final Logger LOG = Logger.getLogger(MasterRewrap.class);
    private static final List<String> TABLES = List.of("tenant_data_key", "tenant_event_key");
    private static final int SOME = 100;

    private final Database database;
    private final SecretVault vault;
    private volatile double left = Double.NaN;

    MasterRewrap(Database database, SecretVault vault, MeterRegistry metrics) {
        this.database = database;
        this.vault = vault;
        Gauge.builder("crypto.keys.outdated", this, rewrap -> rewrap.left)
                .description("keys of tenants that another master key than the primary one wraps")
                .register(metrics);
    }

    /** Wraps what is to be wrapped and returns how many keys are left under other master keys. */
    public long run() {
        long before = count();
        if (before > 0) {
            TABLES.forEach(this::rewrap);
            long now = count();
            if (now == 0) {
                LOG.infof("all keys are wrapped by the master key %s", primary());
            } else {
                LOG.warnf("%d of %d keys are still wrapped by another master key than %s", now, before, primary());
            }
            left = now;
            return now;
        }
        left = 0;
        return 0;
    }

    private void rewrap(String table) {
        List<TenantId> some = some(table, null);
        while (!some.isEmpty()) {
            Sweep.each(some, tenant -> database.useTenant(tenant, handle -> rewrap(handle, table, tenant)));
            some = some(table, some.getLast().value());
        }
    }

    private void rewrap(Handle handle, String table, TenantId tenant) {
        String place = table + "|" + tenant;
        handle.createQuery("select wrapped from app." + table
                        + " where tenant_id = app.tenant() and wrapped is not null and wrapped_by <> :primary")
                .bind("primary", KeyName.of(vault.wrappingKey()))
                .mapTo(byte[].class)
                .findOne()
                .ifPresent(wrapped -> handle.createUpdate("update app." + table
                                + " set wrapped = :now where tenant_id = app.tenant() and wrapped = :before")
                        .bind("now", vault.wrap(vault.unwrap(wrapped, place), place))
                        .bind("before", wrapped)
                        .execute());
    }

    /** From the first one on, which is the platform, when there is none to come after. */
    private List<TenantId> some(String table, @Nullable UUID after) {
        return database.acrossTenants(relay -> relay.createQuery("select tenant_id from app." + table
                        + " where wrapped_by <> :primary and (cast(:after as uuid) is null or tenant_id > cast(:after as uuid))"
                        + " order by tenant_id limit :some")
                .bind("primary", KeyName.of(vault.wrappingKey()))
                .bind("after", after)
                .bind("some", SOME)
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list());
    }

    private long count() {
        return database.acrossTenants(relay -> relay.createQuery("""
                        select (select count(*) from app.tenant_data_key where wrapped_by <> :primary)
                             + (select count(*) from app.tenant_event_key where wrapped_by <> :primary)
                        """)
                .bind("primary", KeyName.of(vault.wrappingKey()))
                .mapTo(Long.class)
                .one());
    }

    private String primary() {
        return Integer.toUnsignedString(vault.wrappingKey());
    }
}
