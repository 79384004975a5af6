package dev.parley.platform.lifecycle;

import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.eventkey.EventKeys;
import dev.parley.platform.lifecycle.TenantDataErased.Kept;
import dev.parley.platform.outbox.Outbox;
import dev.parley.platform.storage.ObjectStore;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Erases what this service has of a tenant: its event key first, so that nothing new comes in, then rows in chunks,
 * its data key among them, and files. After a crash it goes on where it was, with the same counts.
 */
@ApplicationScoped
public class TenantErasure {
    private static final Logger LOG = Logger.getLogger(TenantErasure.class);
    private static final int CHUNK = 2_000;

    private final Database database;
    private final TenantData data;
    private final EventKeys keys;
    private final SecretVault vault;
    private final ObjectStore store;
    private final Outbox outbox;
    private final String service;

    TenantErasure(
            Database database,
            TenantData data,
            EventKeys keys,
            SecretVault vault,
            ObjectStore store,
            Outbox outbox,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.database = database;
        this.data = data;
        this.keys = keys;
        this.vault = vault;
        this.store = store;
        this.outbox = outbox;
        this.service = service;
    }

    /**
     * Erases the tenant and says what was deleted and what stays. Throws {@link IllegalStateException}, and does
     * nothing, when auth-service knows of no erasure; a 503 problem when it does not answer.
     */
    public void erase(TenantId tenant, UUID erasureId) {
        demandEnding(tenant);
        database.useTenant(tenant, handle -> keys.destroy(handle, tenant));
        sweep(tenant);
        SortedMap<String, Long> deleted = database.inTenant(tenant, TenantErasure::deleted);
        Map<String, Kept> kept = database.asEraser(tenant, handle -> kept(handle));
        database.useTenant(
                TenantId.PLATFORM,
                handle -> outbox.append(
                        handle, TenantId.PLATFORM, new TenantDataErased(tenant, erasureId, service, deleted, kept)));
        LOG.infof("the data of tenant %s is erased: %s", tenant, deleted);
    }

    /** Sweeps once more, with the same demand, when all services have erased their part. */
    void sweepAgain(TenantId tenant) {
        demandEnding(tenant);
        sweep(tenant);
    }

    private void demandEnding(TenantId tenant) {
        if (!keys.ending(tenant)) {
            throw new IllegalStateException("auth-service knows of no erasure of tenant " + tenant);
        }
    }

    /** Ends and deletes what there is; called again for what requests under way have written since. */
    void sweep(TenantId tenant) {
        data.leave(tenant, database);
        for (TenantTable table : PlatformData.with(data)) {
            if (table.kept() == null) {
                while (database.asEraser(tenant, handle -> deleteChunk(handle, table.name())) > 0) {
                    LOG.debugf("%s of tenant %s: another chunk", table.name(), tenant);
                }
            }
        }
        vault.forget(tenant);
        store.deleteAll(tenant.toString());
    }

    /**
     * Deletes some rows and counts them. Sweeps of one tenant take turns: one that chose the rows which another is about
     * to delete would find none of them, and take that for the end.
     */
    static int deleteChunk(Handle handle, String table) {
        handle.execute("select 1 from app.tenant_event_key where tenant_id = app.tenant() for update");
        int rows = handle.createUpdate("delete from app." + table
                        + " where tenant_id = app.tenant() and ctid = any(array(select ctid from app." + table
                        + " where tenant_id = app.tenant() limit :chunk))")
                .bind("chunk", CHUNK)
                .execute();
        if (rows > 0) {
            handle.createUpdate("""
                            update app.tenant_event_key set erased_rows = jsonb_set(erased_rows, array[:table],
                              to_jsonb(coalesce(cast(erased_rows ->> :table as bigint), 0) + :rows))
                            where tenant_id = app.tenant()
                            """).bind("table", table).bind("rows", rows).execute();
        }
        return rows;
    }

    private static SortedMap<String, Long> deleted(Handle handle) {
        SortedMap<String, Long> rows = new TreeMap<>();
        handle.createQuery("""
                        select key, cast(value as bigint) as rows from tenant_event_key, jsonb_each_text(erased_rows)
                         where tenant_id = app.tenant()
                        """)
                .map((row, context) -> Map.entry(row.getString("key"), row.getLong("rows")))
                .forEach(entry -> rows.put(entry.getKey(), entry.getValue()));
        return rows;
    }

    private Map<String, Kept> kept(Handle handle) {
        Map<String, Kept> kept = new LinkedHashMap<>();
        for (TenantTable table : PlatformData.with(data)) {
            if (table.kept() != null) {
                long rows = handle.createQuery(
                                "select count(*) from app." + table.name() + " where tenant_id = app.tenant()")
                        .mapTo(Long.class)
                        .one();
                kept.put(table.name(), new Kept(rows, table.kept()));
            }
        }
        return kept;
    }
}
