package dev.parley.agent.providerkey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/** Keeps tenants' own keys at providers, and puts them where the platform's would be used. */
@ApplicationScoped
public class ProviderKeyService {
    @Produces
    static final SealedColumn API_KEY = SealedColumn.of("provider_key", "api_key");

    private static final int TENANTS_KEPT = 20_000;

    private final Database database;
    private final ProviderKeyRepository keys;
    private final ProviderService providers;
    private final SecretVault vault;
    private final Audit audit;
    private final Cache<TenantId, Map<String, Own>> known;
    private final AtomicLong evictions = new AtomicLong();

    ProviderKeyService(
            Database database,
            ProviderKeyRepository keys,
            ProviderService providers,
            SecretVault vault,
            Audit audit,
            ProviderKeyConfig config) {
        this.database = database;
        this.keys = keys;
        this.providers = providers;
        this.vault = vault;
        this.audit = audit;
        this.known = Caffeine.newBuilder()
                .maximumSize(TENANTS_KEPT)
                .expireAfterWrite(config.staleness())
                .build();
    }

    /** A key in clear, and the host that it is for. */
    private record Own(String origin, String key) {
        /** Names neither. */
        @Override
        public String toString() {
            return "Own[]";
        }
    }

    /** Sets the tenant's key at a provider, in place of the one before; 422 when there is no such provider. */
    ProviderKeyView set(Caller caller, ProviderKeyRequest request) {
        TenantId tenant = caller.tenant();
        ProviderKeyView set = database.inTenant(tenant, handle -> {
            LlmEndpoint endpoint = providers
                    .keyed(handle, request.provider(), tenant)
                    .orElseThrow(() -> new Problem(ProviderKeyProblem.PROVIDER_NOT_FOUND)
                            .detail("There is no provider " + request.provider() + " that takes a key."));
            String provider = endpoint.name();
            ProviderKeyView before = keys.find(handle, tenant, provider)
                    .map(row -> view(handle, row))
                    .orElse(null);
            UUID id = Ids.next();
            byte[] sealed =
                    vault.encrypt(handle, tenant, API_KEY, id, request.apiKey().getBytes(StandardCharsets.UTF_8));
            keys.put(handle, tenant, id, provider, endpoint.origin(), sealed, caller.actor());
            ProviderKeyView after =
                    view(handle, keys.find(handle, tenant, provider).orElseThrow());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("provider-key.set", "provider-key", id.toString(), before, after, null));
            return after;
        });
        evict(tenant);
        return set;
    }

    /** The tenant's keys by provider: that they are there, never what they are. */
    List<ProviderKeyView> list(TenantId tenant) {
        return database.inTenant(tenant, handle -> keys.list(handle, tenant).stream()
                .map(row -> view(handle, row))
                .toList());
    }

    /** Removes a key, so that the platform's is used again; 404 when there is none. */
    void remove(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ProviderKeyView before = view(handle, demand(handle, tenant, id));
            keys.delete(handle, tenant, id);
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("provider-key.remove", "provider-key", id.toString(), before, null, null));
        });
        evict(tenant);
    }

    /**
     * What to ask for a tenant, in this order: the provider, then its fallbacks, each with the tenant's own key where it
     * has one.
     *
     * @param model of the first; a fallback names its own
     */
    public List<LlmTarget> targets(TenantId tenant, LlmEndpoint first, String model) {
        Map<String, Own> own = own(tenant);
        if (own.isEmpty() && first.fallbacks().isEmpty()) {
            return List.of(new LlmTarget(first, model));
        }
        List<LlmTarget> targets = new ArrayList<>(1 + first.fallbacks().size());
        targets.add(new LlmTarget(keyed(tenant, first, own.get(first.name())), model));
        for (LlmTarget fallback : first.fallbacks()) {
            LlmEndpoint next = fallback.endpoint();
            targets.add(new LlmTarget(keyed(tenant, next, own.get(next.name())), fallback.model()));
        }
        return targets;
    }

    /** A key that was set for another host stays here: the provider refuses the tenant until it is set again. */
    private static LlmEndpoint keyed(TenantId tenant, LlmEndpoint endpoint, Own key) {
        if (key == null) {
            return endpoint;
        }
        return endpoint.withKey(tenant, key.origin().equals(endpoint.origin()) ? key.key() : null);
    }

    /**
     * The provider of a key, called with it; 404 when the tenant has no such key. Not from memory: this replica may not
     * have heard yet of a key that was set in another.
     */
    LlmEndpoint endpoint(TenantId tenant, UUID id) {
        return database.inTenant(tenant, handle -> {
            ProviderKeyRepository.Row row = demand(handle, tenant, id);
            LlmEndpoint endpoint = providers
                    .keyed(handle, row.provider(), tenant)
                    .orElseThrow(() -> new Problem(ProviderKeyProblem.PROVIDER_NOT_FOUND));
            return keyed(tenant, endpoint, open(handle, tenant, row));
        });
    }

    /** The providers of which a tenant may have a key. */
    List<ProviderService.KeyedProvider> providers() {
        return providers.allKeyed();
    }

    /** Whether the tenant has a key of its own at a provider. */
    public boolean has(Handle handle, TenantId tenant, String provider) {
        return keys.find(handle, tenant, provider).isPresent();
    }

    private ProviderKeyRepository.Row demand(Handle handle, TenantId tenant, UUID id) {
        return keys.list(handle, tenant).stream()
                .filter(row -> row.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
    }

    private Map<String, Own> own(TenantId tenant) {
        Map<String, Own> here = known.getIfPresent(tenant);
        if (here != null) {
            return here;
        }
        // not inside the cache: it would keep tenants waiting that have nothing to do with this one
        long before = evictions.get();
        Map<String, Own> loaded = database.inTenant(tenant, handle -> read(handle, tenant));
        remember(tenant, before, loaded);
        return loaded;
    }

    /** Reads a tenant's keys in a transaction that is open anyway, so that its next run needs none of its own for them. */
    public void remember(Handle handle, TenantId tenant) {
        if (known.getIfPresent(tenant) == null) {
            long before = evictions.get();
            remember(tenant, before, read(handle, tenant));
        }
    }

    private void remember(TenantId tenant, long before, Map<String, Own> loaded) {
        known.put(tenant, loaded);
        if (evictions.get() != before) {
            known.invalidate(tenant);
        }
    }

    /** Forgets a tenant's keys, so that its next run reads them. Call it after the commit. */
    public void evict(TenantId tenant) {
        evictions.incrementAndGet();
        known.invalidate(tenant);
    }

    private Map<String, Own> read(Handle handle, TenantId tenant) {
        Map<String, Own> read = new HashMap<>();
        for (ProviderKeyRepository.Row row : keys.list(handle, tenant)) {
            read.put(row.provider(), open(handle, tenant, row));
        }
        return Map.copyOf(read);
    }

    private Own open(Handle handle, TenantId tenant, ProviderKeyRepository.Row row) {
        byte[] key = vault.decrypt(handle, tenant, API_KEY, row.id(), row.apiKey());
        return new Own(row.origin(), new String(key, StandardCharsets.UTF_8));
    }

    private ProviderKeyView view(Handle handle, ProviderKeyRepository.Row row) {
        boolean usable = providers
                .keyed(handle, row.provider(), TenantId.PLATFORM)
                .filter(endpoint -> row.origin().equals(endpoint.origin()))
                .isPresent();
        return new ProviderKeyView(row.id(), row.provider(), usable, row.createdAt(), row.createdBy());
    }
}
