package dev.parley.platform.crypto;

import dev.parley.platform.data.Columns;
import dev.parley.platform.data.Database;
import dev.parley.platform.data.Sweep;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jdbi.v3.core.Handle;

/**
 * Gives a tenant's data key a successor once it is old enough, encrypts anew what is under older ones, and puts those
 * aside when nothing has been found under them for longer than any replica remembers them. Only the oldest key that is
 * not aside seals files, so what is aside for as long again, and still unused, is taken away. A tenant that is erased
 * meanwhile has no row any more, and nothing here makes one.
 */
@ApplicationScoped
public class DataKeyRotation {
    private static final Logger LOG = Logger.getLogger(DataKeyRotation.class);
    private static final int TENANTS = 20;
    /** Rows may have a megabyte each. */
    private static final int ROWS = 20;

    private static final Duration LEAST = Duration.ofDays(1);
    /** All rows of a large tenant are read in one statement when there is nothing to find. */
    private static final String PATIENTLY = "set local statement_timeout = '60s'";

    private static final UUID BEFORE_ALL = new UUID(0, 0);
    /** Longer than a replica remembers keys, by as much as its slowest transaction may take. */
    private static final Duration REST = SecretVault.REMEMBERED.multipliedBy(6);

    private final Database database;
    private final SecretVault vault;
    private final List<SealedColumn> columns;
    private final List<SealedFiles> files;
    private final Duration rotateAfter;

    @Inject
    DataKeyRotation(
            Database database,
            SecretVault vault,
            @Any Instance<SealedColumn> columns,
            @Any Instance<SealedFiles> files,
            @ConfigProperty(name = "parley.data-key.rotate-after", defaultValue = "365D") Duration rotateAfter) {
        this(database, vault, columns.stream().toList(), files.stream().toList(), rotateAfter);
        if (rotateAfter.isPositive() && rotateAfter.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("parley.data-key.rotate-after is " + rotateAfter
                    + ": a rotation takes hours, so a day is the least");
        }
    }

    /** Made by hand in tests. */
    DataKeyRotation(
            Database database,
            SecretVault vault,
            List<SealedColumn> columns,
            List<SealedFiles> files,
            Duration rotateAfter) {
        this.database = database;
        this.vault = vault;
        this.columns = columns;
        this.files = files;
        this.rotateAfter = rotateAfter;
    }

    /** Looks after up to twenty tenants that are due, and returns how many they were. */
    public int run() {
        List<TenantId> due = database.acrossTenants(this::claim);
        Sweep.each(due, this::rotate);
        return due.size();
    }

    private void rotate(TenantId tenant) {
        Optional<DataKey> key = database.inTenant(tenant, handle -> begun(handle, tenant));
        vault.forget(tenant);
        if (key.isEmpty()) {
            return;
        }
        boolean found = false;
        for (SealedColumn column : columns) {
            if (column.row() != null && (!column.ofPlatform() || tenant.equals(TenantId.PLATFORM))) {
                found |= resealed(tenant, key.get(), column);
            }
        }
        boolean clear = !found;
        database.useTenant(tenant, handle -> conclude(handle, tenant, clear));
        vault.forget(tenant);
    }

    /** The tenant's keys, with a new one when that is due; empty when there are none. */
    private Optional<DataKey> begun(Handle handle, TenantId tenant) {
        return handle.createQuery("""
                        select wrapped, :age > 0
                               and coalesce(rotated_at, created_at) <= now() - make_interval(secs => :age) as due
                          from tenant_data_key where tenant_id = app.tenant() for update
                        """)
                .bind("age", Columns.seconds(rotateAfter))
                .map((row, context) -> new Stored(row.getBytes("wrapped"), row.getBoolean("due")))
                .findOne()
                .map(stored -> {
                    DataKey key = vault.open(tenant, stored.wrapped());
                    return stored.due() ? grown(handle, tenant, key) : key;
                });
    }

    private DataKey grown(Handle handle, TenantId tenant, DataKey before) {
        DataKey grown = new DataKey(tenant, before.grown());
        handle.createUpdate("""
                        update tenant_data_key set wrapped = :wrapped, rotated_at = now(), retiring = true, clear_since = null
                         where tenant_id = app.tenant()
                        """)
                .bind("wrapped", vault.closed(tenant, grown.keyset()))
                .execute();
        LOG.infof("the data key of tenant %s has a successor", tenant);
        return grown;
    }

    /** Encrypts a column's values that are under older keys anew, and says whether there were any. */
    private boolean resealed(TenantId tenant, DataKey key, SealedColumn column) {
        UUID after = BEFORE_ALL;
        boolean found = false;
        while (true) {
            UUID from = after;
            List<UUID> rows = database.inTenant(tenant, handle -> resealSome(handle, key, column, from));
            if (rows.isEmpty()) {
                return found;
            }
            found = true;
            after = rows.getLast();
        }
    }

    private static List<UUID> resealSome(Handle handle, DataKey key, SealedColumn column, UUID after) {
        handle.execute(PATIENTLY);
        List<Sealed> some = handle.createQuery("select " + column.row() + " as row, " + column.column()
                        + " as sealed from app." + column.table() + " where " + column.mineSql() + " and "
                        + column.keySql() + " = any(:retired) and " + column.row() + " > :after order by "
                        + column.row() + " limit :rows")
                .bindArray(
                        "retired",
                        String.class,
                        key.retired().stream().map(KeyName::hex).toArray())
                .bind("after", after)
                .bind("rows", ROWS)
                .map((row, context) -> new Sealed(row.getObject("row", UUID.class), row.getBytes("sealed")))
                .list();
        some.forEach(one -> reseal(handle, key, column, one));
        return some.stream().map(Sealed::row).toList();
    }

    /** Replaces what was read and nothing else. What cannot be read stays, and so does its key. */
    private static void reseal(Handle handle, DataKey key, SealedColumn column, Sealed one) {
        byte[] again;
        try {
            again = key.encrypt(column, one.row(), key.decrypt(column, one.row(), one.value()));
        } catch (IllegalStateException unreadable) {
            LOG.errorf(unreadable, "%s of row %s keeps an old data key in use", column, one.row());
            return;
        }
        handle.createUpdate("update app." + column.table() + " set " + column.column() + " = :again where "
                        + column.mineSql() + " and " + column.row() + " = :row and " + column.column() + " = :before")
                .bind("again", again)
                .bind("row", one.row())
                .bind("before", one.value())
                .execute();
    }

    /** Notes that nothing is under old keys, or sees which of them are to go where that was noted long enough ago. */
    private void conclude(Handle handle, TenantId tenant, boolean clear) {
        if (!clear) {
            next(handle, "clear_since = null", Duration.ofMinutes(1));
            return;
        }
        Optional<byte[]> rested = handle.createQuery("""
                        select wrapped from tenant_data_key
                         where tenant_id = app.tenant() and clear_since <= now() - make_interval(secs => :rest) for update
                        """)
                .bind("rest", Columns.seconds(REST))
                .mapTo(byte[].class)
                .findOne();
        rested.ifPresentOrElse(
                wrapped -> takeAway(handle, tenant, vault.open(tenant, wrapped)),
                () -> next(handle, "clear_since = coalesce(clear_since, now())", REST));
    }

    /**
     * Puts unused keys aside, or takes them away where all of them are aside and have rested there. A replica that
     * remembers one of them as the key for files seals with it for a while yet: the rows of such files are there by then.
     */
    private void takeAway(Handle handle, TenantId tenant, DataKey key) {
        Set<Integer> unused = new HashSet<>(key.retired());
        unused.removeAll(inUse(handle, key));
        Set<Integer> gone = new HashSet<>(unused);
        gone.retainAll(key.aside());
        unused.removeAll(gone);
        if (!unused.isEmpty()) {
            putAside(handle, tenant, key, unused);
            return;
        }
        boolean all = gone.size() == key.retired().size();
        handle.createUpdate("""
                        update tenant_data_key set wrapped = :wrapped, retiring = not :all,
                               look_after = now() + interval '1 day'
                         where tenant_id = app.tenant()
                        """)
                .bind("wrapped", vault.closed(tenant, key.without(gone)))
                .bind("all", all)
                .execute();
        LOG.infof(
                "%d old data keys of tenant %s are gone, %d in use",
                gone.size(), tenant, key.retired().size() - gone.size());
    }

    /** Takes none away: all that are aside rest once more, so that each has done so when it goes. */
    private void putAside(Handle handle, TenantId tenant, DataKey key, Set<Integer> unused) {
        handle.createUpdate("""
                        update tenant_data_key set wrapped = :wrapped, clear_since = now(),
                               look_after = now() + make_interval(secs => :rest)
                         where tenant_id = app.tenant()
                        """)
                .bind("wrapped", vault.closed(tenant, key.withAside(unused)))
                .bind("rest", Columns.seconds(REST))
                .execute();
    }

    /** Old keys of what is not encrypted anew: rows that live for days only, and files. */
    private Set<Integer> inUse(Handle handle, DataKey key) {
        Set<Integer> used = new HashSet<>();
        handle.execute(PATIENTLY);
        for (SealedColumn column : columns) {
            if (column.row() == null) {
                Set<String> named = handle.createQuery("select distinct " + column.keySql() + " from app."
                                + column.table() + " where " + column.mineSql() + " and " + column.column()
                                + " is not null")
                        .mapTo(String.class)
                        .set();
                key.retired().stream()
                        .filter(retired -> named.contains(KeyName.hex(retired)))
                        .forEach(used::add);
            }
        }
        for (SealedFiles table : files) {
            handle.createQuery("select distinct coalesce(" + table.key() + ", :first) from app." + table.table()
                            + " where tenant_id = app.tenant() and " + table.sealed())
                    .bind("first", key.oldest())
                    .mapTo(Integer.class)
                    .forEach(used::add);
        }
        return used;
    }

    private List<TenantId> claim(Handle relay) {
        return relay.createQuery("""
                        update tenant_data_key set look_after = now() + interval '1 hour'
                         where tenant_id in (select tenant_id from tenant_data_key
                                              where look_after <= now()
                                                and (retiring or :age > 0
                                                     and coalesce(rotated_at, created_at) <= now() - make_interval(secs => :age))
                                              order by look_after limit :tenants for update skip locked)
                        returning tenant_id
                        """)
                .bind("age", Columns.seconds(rotateAfter))
                .bind("tenants", TENANTS)
                .map((row, context) -> new TenantId(row.getObject("tenant_id", UUID.class)))
                .list();
    }

    private static void next(Handle handle, String change, Duration pause) {
        handle.createUpdate("update tenant_data_key set " + change
                        + ", look_after = now() + make_interval(secs => :pause) where tenant_id = app.tenant()")
                .bind("pause", Columns.seconds(pause))
                .execute();
    }

    private record Stored(byte[] wrapped, boolean due) {}

    private record Sealed(UUID row, byte[] value) {}
}
