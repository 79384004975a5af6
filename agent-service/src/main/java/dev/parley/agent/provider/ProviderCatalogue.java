package dev.parley.agent.provider;

import dev.parley.platform.audit.Audit;
import dev.parley.platform.audit.AuditEntry;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.id.Ids;
import dev.parley.platform.paging.Cursor;
import dev.parley.platform.paging.Page;
import dev.parley.platform.problem.CommonProblem;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.security.Caller;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps the providers that admins made; their keys are encrypted and never shown. */
@ApplicationScoped
public class ProviderCatalogue {
    private static final Map<String, String> VENDOR_ADDRESSES = Map.of(
            "openai",
            "https://api.openai.com/v1",
            "anthropic",
            "https://api.anthropic.com/v1",
            "google",
            "https://generativelanguage.googleapis.com/v1beta");

    private final Database database;
    private final ProviderRepository providers;
    private final ProviderService endpoints;
    private final LlmProviders adapters;
    private final SecretVault vault;
    private final Audit audit;

    ProviderCatalogue(
            Database database,
            ProviderRepository providers,
            ProviderService endpoints,
            LlmProviders adapters,
            SecretVault vault,
            Audit audit) {
        this.database = database;
        this.providers = providers;
        this.endpoints = endpoints;
        this.adapters = adapters;
        this.vault = vault;
        this.audit = audit;
    }

    /** Adds a provider; 409 when the name is taken, 422 when there is no such kind or the address is unusable. */
    public ProviderView create(Caller caller, CreateProviderRequest request) {
        if (!adapters.has(request.kind())) {
            throw new Problem(ProviderProblem.PROVIDER_INVALID)
                    .detail("There is no kind of provider " + request.kind() + ".");
        }
        if (request.name().equals(ProviderService.DEFAULT)) {
            throw taken(request.name());
        }
        String given = request.baseUrl() == null || request.baseUrl().isBlank()
                ? VENDOR_ADDRESSES.get(request.kind())
                : request.baseUrl();
        String baseUrl = given == null ? null : ProviderAddress.checked(given);
        List<String> models = request.models() == null ? List.of() : request.models();
        List<String> fallbacks = request.fallbacks() == null ? List.of() : request.fallbacks();
        return database.inTenant(TenantId.PLATFORM, handle -> {
            UUID id = Ids.next();
            check(handle, request.name(), fallbacks);
            byte[] key = request.apiKey() == null ? null : seal(handle, id, request.apiKey());
            if (!providers.insert(
                    handle,
                    id,
                    request.name(),
                    request.kind(),
                    baseUrl,
                    key,
                    models,
                    fallbacks,
                    request.reads(),
                    caller.actor())) {
                throw taken(request.name());
            }
            ProviderView created = view(providers.find(handle, request.name()).orElseThrow());
            audit.record(
                    handle,
                    caller,
                    TenantId.PLATFORM,
                    new AuditEntry("provider.create", "provider", id.toString(), null, created, null));
            return created;
        });
    }

    /** Changes a provider; 404 when there is none, 422 when it would be unusable. In use within seconds. */
    public ProviderView change(Caller caller, UUID id, UpdateProviderRequest request) {
        return database.inTenant(TenantId.PLATFORM, handle -> {
            ProviderRepository.Row before =
                    providers.lock(handle, id).orElseThrow(() -> new Problem(CommonProblem.NOT_FOUND));
            if (request.fallbacks() != null) {
                check(handle, before.name(), request.fallbacks());
            }
            ProviderRepository.Row after = new ProviderRepository.Row(
                    id,
                    before.name(),
                    before.kind(),
                    request.baseUrl() == null ? before.baseUrl() : ProviderAddress.checked(request.baseUrl()),
                    request.apiKey() == null ? before.apiKey() : seal(handle, id, request.apiKey()),
                    request.models() == null ? before.models() : request.models(),
                    request.fallbacks() == null ? before.fallbacks() : request.fallbacks(),
                    request.reads() == null ? before.reads() : request.reads(),
                    before.createdAt(),
                    before.updatedAt(),
                    before.createdBy());
            providers.update(handle, after);
            ProviderView changed = view(providers.find(handle, before.name()).orElseThrow());
            audit.record(
                    handle,
                    caller,
                    TenantId.PLATFORM,
                    new AuditEntry(
                            "provider.change",
                            "provider",
                            id.toString(),
                            view(before),
                            changed,
                            request.apiKey() == null ? null : "The key was replaced."));
            return changed;
        });
    }

    private void check(Handle handle, String name, List<String> fallbacks) {
        for (String written : fallbacks) {
            Fallback fallback = Fallback.of(written);
            if (fallback.provider().equals(name)) {
                throw new Problem(ProviderProblem.PROVIDER_INVALID).detail("A provider cannot fall back to itself.");
            }
            endpoints.objection(handle, fallback.provider(), fallback.model()).ifPresent(objection -> {
                throw new Problem(ProviderProblem.PROVIDER_INVALID).detail("fallbacks: " + objection);
            });
        }
    }

    private byte[] seal(Handle handle, UUID id, String key) {
        return vault.encrypt(
                handle, TenantId.PLATFORM, ProviderService.API_KEY, id, key.getBytes(StandardCharsets.UTF_8));
    }

    /** The providers by name; on the first page those that exist without setup come first. */
    public Page<ProviderView> list(String cursor, Integer limit) {
        String after = Cursor.decode(cursor);
        int size = Cursor.limit(limit);
        Page<ProviderView> stored = Page.of(
                        database.global(handle -> providers.list(handle, after, size + 1)),
                        size,
                        ProviderRepository.Row::name)
                .map(this::view);
        if (after != null) {
            return stored;
        }
        List<ProviderView> all = new ArrayList<>(stored.items().size() + 2);
        endpoints.withoutSetup().stream()
                .filter(endpoint -> endpoint.name().equals(ProviderService.DEFAULT)
                        || stored.items().stream().noneMatch(row -> row.name().equals(endpoint.name())))
                .map(this::view)
                .forEach(all::add);
        all.addAll(stored.items());
        return new Page<>(all, stored.nextCursor());
    }

    private static List<String> sorted(Collection<String> types) {
        return types.stream().sorted().toList();
    }

    private static Problem taken(String name) {
        return new Problem(ProviderProblem.PROVIDER_NAME_TAKEN).detail("There is a provider " + name + " already.");
    }

    private ProviderView view(ProviderRepository.Row row) {
        return new ProviderView(
                row.id(),
                row.name(),
                row.kind(),
                row.baseUrl(),
                row.apiKey() != null,
                row.models(),
                row.fallbacks(),
                sorted(row.reads() == null ? adapters.reads(row.kind()) : row.reads()),
                "admin",
                row.createdAt(),
                row.updatedAt(),
                row.createdBy());
    }

    private ProviderView view(LlmEndpoint endpoint) {
        return new ProviderView(
                null,
                endpoint.name(),
                endpoint.kind(),
                endpoint.baseUrl(),
                endpoint.apiKey() != null,
                List.of(endpoint.defaultModel()),
                endpoint.name().equals(ProviderService.DEFAULT) ? endpoints.standardFallbacks() : List.of(),
                sorted(adapters.reads(endpoint)),
                "environment",
                null,
                null,
                null);
    }
}
