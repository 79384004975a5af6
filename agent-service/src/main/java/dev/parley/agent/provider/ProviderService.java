package dev.parley.agent.provider;

import dev.parley.agent.provider.demo.DemoProvider;
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
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Keeps the catalogue of providers; their keys are encrypted and never leave but towards the provider. */
@ApplicationScoped
public class ProviderService {
    /** The provider that exists without setup. */
    public static final String DEFAULT = "default";

    private static final String OPENAI = "openai";
    private static final String DEMO = "demo";
    private static final String TABLE = "llm_provider";
    private static final String COLUMN = "api_key";
    private static final Map<String, String> VENDOR_ADDRESSES = Map.of(
            OPENAI,
            "https://api.openai.com/v1",
            "anthropic",
            "https://api.anthropic.com/v1",
            "google",
            "https://generativelanguage.googleapis.com/v1beta");

    private final Database database;
    private final ProviderRepository providers;
    private final LlmProviders adapters;
    private final SecretVault vault;
    private final Audit audit;
    private final LlmEndpoint standard;
    private final LlmEndpoint demo;
    private final List<String> standardFallbacks;

    ProviderService(
            Database database,
            ProviderRepository providers,
            LlmProviders adapters,
            SecretVault vault,
            Audit audit,
            DefaultProviderConfig config) {
        this.database = database;
        this.providers = providers;
        this.adapters = adapters;
        this.vault = vault;
        this.audit = audit;
        this.standardFallbacks = config.fallbacks().orElse(List.of());
        this.demo = new LlmEndpoint(DEMO, DEMO, null, null, DemoProvider.MODEL);
        this.standard = config.baseUrl()
                .map(url -> new LlmEndpoint(
                        DEFAULT, OPENAI, address(url), config.apiKey().orElse(null), config.model()))
                .orElseGet(() -> new LlmEndpoint(DEFAULT, DEMO, null, null, DemoProvider.MODEL));
    }

    /** Adds a provider; 409 when the name is taken, 422 when there is no such kind or the address is unusable. */
    public ProviderView create(Caller caller, CreateProviderRequest request) {
        if (!adapters.has(request.kind())) {
            throw new Problem(ProviderProblem.PROVIDER_INVALID)
                    .detail("There is no kind of provider " + request.kind() + ".");
        }
        if (request.name().equals(DEFAULT)) {
            throw taken(request.name());
        }
        String given = request.baseUrl() == null || request.baseUrl().isBlank()
                ? VENDOR_ADDRESSES.get(request.kind())
                : request.baseUrl();
        String baseUrl = given == null ? null : address(given);
        List<String> models = request.models() == null ? List.of() : request.models();
        List<String> fallbacks = request.fallbacks() == null ? List.of() : request.fallbacks();
        return database.inTenant(TenantId.PLATFORM, handle -> {
            UUID id = Ids.next();
            check(handle, request.name(), fallbacks);
            byte[] key = request.apiKey() == null ? null : seal(handle, id, request.apiKey());
            if (!providers.insert(
                    handle, id, request.name(), request.kind(), baseUrl, key, models, fallbacks, caller.actor())) {
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
                    request.baseUrl() == null ? before.baseUrl() : address(request.baseUrl()),
                    request.apiKey() == null ? before.apiKey() : seal(handle, id, request.apiKey()),
                    request.models() == null ? before.models() : request.models(),
                    request.fallbacks() == null ? before.fallbacks() : request.fallbacks(),
                    before.createdAt(),
                    before.updatedAt(),
                    before.createdBy());
            providers.update(handle, after);
            ProviderView changed = view(providers.find(handle, before.name()).orElseThrow());
            audit.record(
                    handle,
                    caller,
                    TenantId.PLATFORM,
                    new AuditEntry("provider.change", "provider", id.toString(), view(before), changed, null));
            return changed;
        });
    }

    private void check(Handle handle, String name, List<String> fallbacks) {
        for (String written : fallbacks) {
            Fallback fallback = Fallback.of(written);
            if (fallback.provider().equals(name)) {
                throw new Problem(ProviderProblem.PROVIDER_INVALID).detail("A provider cannot fall back to itself.");
            }
            objection(handle, fallback.provider(), fallback.model()).ifPresent(objection -> {
                throw new Problem(ProviderProblem.PROVIDER_INVALID).detail("fallbacks: " + objection);
            });
        }
    }

    private byte[] seal(Handle handle, UUID id, String key) {
        return vault.encrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, id, key.getBytes(StandardCharsets.UTF_8));
    }

    /** The providers by name; on the first page those that exist without setup come first. */
    public Page<ProviderView> list(String cursor, Integer limit) {
        String after = Cursor.decode(cursor);
        int size = Cursor.limit(limit);
        Page<ProviderView> stored = Page.of(
                        database.global(handle -> providers.list(handle, after, size + 1)),
                        size,
                        ProviderRepository.Row::name)
                .map(ProviderService::view);
        if (after != null) {
            return stored;
        }
        List<ProviderView> all = new ArrayList<>(stored.items().size() + 2);
        all.add(view(standard));
        if (stored.items().stream().noneMatch(row -> row.name().equals(DEMO))) {
            all.add(view(demo));
        }
        all.addAll(stored.items());
        return new Page<>(all, stored.nextCursor());
    }

    /**
     * Where to call a provider of that name, with its key in clear; empty when there is none. Providers made by admins
     * go before those that exist without setup.
     *
     * @param handle of a transaction of {@link TenantId#PLATFORM}, for the key is encrypted for it
     */
    public Optional<LlmEndpoint> endpoint(Handle handle, String name) {
        Optional<ProviderRepository.Row> stored = providers.find(handle, name);
        if (stored.isPresent()) {
            return Optional.of(endpoint(handle, stored.get())
                    .fallingBackTo(targets(handle, stored.get().fallbacks())));
        }
        return withoutSetup(name)
                .map(endpoint -> endpoint.name().equals(DEFAULT)
                        ? endpoint.fallingBackTo(targets(handle, standardFallbacks))
                        : endpoint);
    }

    /** As {@link #endpoint(Handle, String)}, in a transaction of its own. */
    public Optional<LlmEndpoint> endpoint(String name) {
        return database.inTenant(TenantId.PLATFORM, handle -> endpoint(handle, name));
    }

    private List<LlmTarget> targets(Handle handle, List<String> fallbacks) {
        List<LlmTarget> targets = new ArrayList<>(fallbacks.size());
        for (String written : fallbacks) {
            Fallback fallback = Fallback.of(written);
            providers
                    .find(handle, fallback.provider())
                    .map(row -> endpoint(handle, row))
                    .or(() -> withoutSetup(fallback.provider()))
                    .map(endpoint -> new LlmTarget(
                            endpoint, fallback.model() == null ? endpoint.defaultModel() : fallback.model()))
                    .ifPresent(targets::add);
        }
        return List.copyOf(targets);
    }

    /** The name under which a provider that takes keys is called, where {@code openai} may mean {@code default}. */
    public Optional<String> nameOfKeyed(String name) {
        return database.global(handle -> providers
                        .find(handle, name)
                        .map(row -> new LlmEndpoint(row.name(), row.kind(), row.baseUrl(), null, null)))
                .or(() -> withoutSetup(name))
                .filter(endpoint -> !endpoint.kind().equals(DEMO))
                .map(LlmEndpoint::name);
    }

    /** Why a prompt version cannot use this provider and model; empty when it can. */
    public Optional<String> objection(Handle handle, String name, String model) {
        Optional<ProviderRepository.Row> stored = providers.find(handle, name);
        if (stored.isEmpty() && withoutSetup(name).isEmpty()) {
            return Optional.of("There is no provider " + name + ".");
        }
        if (stored.isEmpty() || stored.get().kind().equals(DEMO)) {
            return Optional.empty();
        }
        List<String> models = stored.get().models();
        if (model == null) {
            return models.isEmpty()
                    ? Optional.of("The provider " + name + " has no default model: name one.")
                    : Optional.empty();
        }
        return models.isEmpty() || models.contains(model)
                ? Optional.empty()
                : Optional.of("The provider " + name + " does not offer the model " + model + ".");
    }

    private Optional<LlmEndpoint> withoutSetup(String name) {
        return switch (name) {
            case DEFAULT, OPENAI -> Optional.of(standard);
            case DEMO -> Optional.of(demo);
            default -> Optional.empty();
        };
    }

    private LlmEndpoint endpoint(Handle handle, ProviderRepository.Row row) {
        String key = row.apiKey() == null
                ? null
                : new String(
                        vault.decrypt(handle, TenantId.PLATFORM, TABLE, COLUMN, row.id(), row.apiKey()),
                        StandardCharsets.UTF_8);
        return new LlmEndpoint(
                row.name(),
                row.kind(),
                row.baseUrl(),
                key,
                row.models().isEmpty() ? null : row.models().getFirst());
    }

    private static String address(String url) {
        try {
            URI uri = URI.create(url.strip());
            boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawFragment() == null
                    && uri.getRawQuery() == null) {
                return uri.toString().replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException malformed) {
            // said below
        }
        throw new Problem(ProviderProblem.PROVIDER_INVALID)
                .detail("base_url must be an http or https address without user, query or fragment.");
    }

    private static Problem taken(String name) {
        return new Problem(ProviderProblem.PROVIDER_NAME_TAKEN).detail("There is a provider " + name + " already.");
    }

    private static ProviderView view(ProviderRepository.Row row) {
        return new ProviderView(
                row.id(),
                row.name(),
                row.kind(),
                row.baseUrl(),
                row.apiKey() != null,
                row.models(),
                row.fallbacks(),
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
                endpoint.name().equals(DEFAULT) ? standardFallbacks : List.of(),
                "environment",
                null,
                null,
                null);
    }
}
