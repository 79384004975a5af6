package dev.parley.agent.providerkey;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.LlmTarget;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps tenants' own keys at providers, and puts them where the platform's would be used. */
@ApplicationScoped
public class ProviderKeyService {
    private static final String TABLE = "provider_key";
    private static final String COLUMN = "api_key";
    private static final int TENANTS_KEPT = 20_000;

    private final Database database;
    private final ProviderKeyRepository keys;
    private final ProviderService providers;
    private final SecretVault vault;
    private final Audit audit;
    private final Cache<TenantId, Map<String, String>> known;

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

    /** Sets the tenant's key at a provider, in place of the one before; 422 when there is no such provider. */
    ProviderKeyView set(Caller caller, ProviderKeyRequest request) {
        TenantId tenant = caller.tenant();
        String provider = providers.nameOfKeyed(request.provider()).orElseThrow(() -> new Problem(
                        ProviderKeyProblem.PROVIDER_NOT_FOUND)
                .detail("There is no provider " + request.provider() + " that takes a key."));
        ProviderKeyView set = database.inTenant(tenant, handle -> {
            ProviderKeyView before = keys.find(handle, tenant, provider)
                    .map(ProviderKeyService::view)
                    .orElse(null);
            UUID id = Ids.next();
            byte[] sealed = vault.encrypt(
                    handle, tenant, TABLE, COLUMN, id, request.apiKey().getBytes(StandardCharsets.UTF_8));
            keys.put(handle, tenant, id, provider, sealed, caller.actor());
            ProviderKeyView after = view(keys.find(handle, tenant, provider).orElseThrow());
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("provider-key.set", "provider-key", id.toString(), before, after, null));
            return after;
        });
        known.invalidate(tenant);
        return set;
    }

    /** The tenant's keys by provider: that they are there, never what they are. */
    List<ProviderKeyView> list(TenantId tenant) {
        return database.inTenant(tenant, handle -> keys.list(handle, tenant)).stream()
                .map(ProviderKeyService::view)
                .toList();
    }

    /** Removes a key, so that the platform's is used again; 404 when there is none. */
    void remove(Caller caller, UUID id) {
        TenantId tenant = caller.tenant();
        database.useTenant(tenant, handle -> {
            ProviderKeyView before = keys.list(handle, tenant).stream()
                    .filter(row -> row.id().equals(id))
                    .map(ProviderKeyService::view)
                    .findFirst()
                    .orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            keys.delete(handle, tenant, id);
            audit.record(
                    handle,
                    caller,
                    tenant,
                    new AuditEntry("provider-key.remove", "provider-key", id.toString(), before, null, null));
        });
        known.invalidate(tenant);
    }

    /**
     * What to ask for a tenant, in this order: the provider, then its fallbacks, each with the tenant's own key where it
     * has one.
     *
     * @param model of the first; a fallback names its own
     */
    public List<LlmTarget> targets(TenantId tenant, LlmEndpoint first, String model) {
        Map<String, String> own = own(tenant);
        if (own.isEmpty() && first.fallbacks().isEmpty()) {
            return List.of(new LlmTarget(first, model));
        }
        List<LlmTarget> targets = new ArrayList<>(1 + first.fallbacks().size());
        targets.add(new LlmTarget(keyed(tenant, first, own), model));
        for (LlmTarget fallback : first.fallbacks()) {
            targets.add(new LlmTarget(keyed(tenant, fallback.endpoint(), own), fallback.model()));
        }
        return targets;
    }

    private static LlmEndpoint keyed(TenantId tenant, LlmEndpoint endpoint, Map<String, String> own) {
        String key = own.get(endpoint.name());
        return key == null ? endpoint : endpoint.withKey(tenant, key);
    }

    private Map<String, String> own(TenantId tenant) {
        Map<String, String> here = known.getIfPresent(tenant);
        return here != null
                ? here
                : known.get(tenant, any -> database.inTenant(tenant, handle -> read(handle, tenant)));
    }

    private Map<String, String> read(Handle handle, TenantId tenant) {
        Map<String, String> read = new HashMap<>();
        for (ProviderKeyRepository.Row row : keys.list(handle, tenant)) {
            byte[] key = vault.decrypt(handle, tenant, TABLE, COLUMN, row.id(), row.apiKey());
            read.put(row.provider(), new String(key, StandardCharsets.UTF_8));
        }
        return Map.copyOf(read);
    }

    private static ProviderKeyView view(ProviderKeyRepository.Row row) {
        return new ProviderKeyView(row.id(), row.provider(), row.createdAt(), row.createdBy());
    }
}
