package dev.parley.platform.eventkey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.KeysetHandle;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The event keys of tenants, as this service knows them: in memory, else in its own database, wrapped by its master
 * keyset, else from auth-service. So events flow while auth-service is away, but for tenants never met before.
 */
@ApplicationScoped
public class EventKeys {
    private final Database database;
    private final SecretVault vault;
    private final EventKeySource source;
    private final Cache<TenantId, EventKey> known = Caffeine.newBuilder()
            .maximumSize(10_000)
            .expireAfterWrite(Duration.ofMinutes(5))
            .build();

    /** Made by hand in tests. */
    public EventKeys(Database database, SecretVault vault, EventKeySource source) {
        this.database = database;
        this.vault = vault;
        this.source = source;
    }

    /** The tenant's key; outside any transaction, because auth-service may have to be asked. */
    public EventKey of(TenantId tenant) {
        EventKey key = known.getIfPresent(tenant);
        return key == null ? keep(tenant, load(tenant)) : key;
    }

    /** Those keys that need no question, read with the handle of the relay role. */
    public Map<TenantId, EventKey> known(Handle relay, Collection<TenantId> tenants) {
        Map<TenantId, EventKey> found = new HashMap<>(known.getAllPresent(tenants));
        List<UUID> unknown = tenants.stream()
                .filter(tenant -> !found.containsKey(tenant))
                .map(TenantId::value)
                .toList();
        if (!unknown.isEmpty()) {
            relay.createQuery(
                            "select tenant_id, wrapped from tenant_event_key where tenant_id = any(cast(:ids as uuid[]))")
                    .bind("ids", unknown.stream().map(UUID::toString).collect(Collectors.joining(",", "{", "}")))
                    .map((row, context) ->
                            new Stored(new TenantId(row.getObject("tenant_id", UUID.class)), row.getBytes("wrapped")))
                    .forEach(stored -> found.put(stored.tenant(), keep(stored.tenant(), opened(stored))));
        }
        return found;
    }

    /** The tenant's keyset itself; empty when the tenant is erased. For auth-service, which hands it to services. */
    public Optional<KeysetHandle> keyset(TenantId tenant) {
        of(tenant);
        Stored stored =
                database.inTenant(tenant, handle -> find(handle, tenant)).orElseThrow();
        return stored.wrapped() == null ? Optional.empty() : Optional.of(unwrapped(stored));
    }

    /**
     * Whether auth-service says that the tenant is being erased, or was. It is asked each time; a 503 problem when it
     * does not answer. Not for use within a transaction.
     */
    public boolean ending(TenantId tenant) {
        return source.keyOf(tenant).isEmpty();
    }

    /** Destroys this service's copy of a tenant's key for good; what was sealed with it is skipped from now on. */
    public void destroy(Handle handle, TenantId tenant) {
        handle.createUpdate("""
                        insert into tenant_event_key (tenant_id, wrapped, destroyed_at) values (:tenant, null, now())
                        on conflict (tenant_id) do update set wrapped = null, destroyed_at = now(), updated_at = now()
                          where tenant_event_key.wrapped is not null
                        """).bind("tenant", tenant.value()).execute();
        handle.afterCommit(() -> forget(tenant));
    }

    /** Forgets the key of a tenant that is being erased, before the database of this service says so. */
    public void forget(TenantId tenant) {
        known.put(tenant, EventKey.DESTROYED);
    }

    private EventKey keep(TenantId tenant, EventKey key) {
        EventKey before = known.asMap().putIfAbsent(tenant, key);
        return before == null ? key : before;
    }

    private EventKey load(TenantId tenant) {
        Optional<Stored> stored = database.inTenant(tenant, handle -> find(handle, tenant));
        if (stored.isPresent()) {
            return opened(stored.get());
        }
        Optional<KeysetHandle> keyset = source.keyOf(tenant);
        return opened(database.inTenant(tenant, handle -> {
            if (keyset.isEmpty()) {
                destroy(handle, tenant);
            } else {
                insert(handle, tenant, vault.wrap(keyset.get(), place(tenant)));
            }
            return find(handle, tenant).orElseThrow();
        }));
    }

    private static void insert(Handle handle, TenantId tenant, byte[] wrapped) {
        handle.createUpdate("""
                        insert into tenant_event_key (tenant_id, wrapped) values (:tenant, :wrapped) on conflict do nothing
                        """)
                .bind("tenant", tenant.value())
                .bind("wrapped", wrapped)
                .execute();
    }

    private static Optional<Stored> find(Handle handle, TenantId tenant) {
        return handle.createQuery("select wrapped from tenant_event_key where tenant_id = :tenant")
                .bind("tenant", tenant.value())
                .map((row, context) -> new Stored(tenant, row.getBytes("wrapped")))
                .findOne();
    }

    private EventKey opened(Stored stored) {
        return stored.wrapped() == null ? EventKey.DESTROYED : new EventKey(SecretVault.aead(unwrapped(stored)));
    }

    private KeysetHandle unwrapped(Stored stored) {
        return vault.unwrap(stored.wrapped(), place(stored.tenant()));
    }

    private static String place(TenantId tenant) {
        return "tenant_event_key|" + tenant;
    }

    private record Stored(TenantId tenant, byte @Nullable [] wrapped) {}
}
