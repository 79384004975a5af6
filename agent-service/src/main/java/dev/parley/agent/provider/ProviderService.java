package dev.parley.agent.provider;

import dev.parley.agent.provider.demo.DemoProvider;
import dev.parley.platform.crypto.SealedColumn;
import dev.parley.platform.crypto.SecretVault;
import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Says where providers of the catalogue are called and as whom; their keys never leave but towards the provider. */
@ApplicationScoped
public class ProviderService {
    /** The provider that exists without setup. */
    public static final String DEFAULT = "default";

    private static final String OPENAI = "openai";
    private static final String DEMO = "demo";
    private static final int MOST = 1000;

    @Produces
    static final SealedColumn API_KEY = SealedColumn.ofPlatform("llm_provider", "api_key");

    private final Database database;
    private final ProviderRepository providers;
    private final SecretVault vault;
    private final LlmEndpoint standard;
    private final LlmEndpoint demo;
    private final List<String> standardFallbacks;

    ProviderService(Database database, ProviderRepository providers, SecretVault vault, DefaultProviderConfig config) {
        this.database = database;
        this.providers = providers;
        this.vault = vault;
        this.standardFallbacks = config.fallbacks().orElse(List.of());
        this.demo = new LlmEndpoint(DEMO, DEMO, null, null, DemoProvider.MODEL);
        this.standard = config.baseUrl()
                .map(url -> new LlmEndpoint(
                                DEFAULT,
                                OPENAI,
                                ProviderAddress.checked(url),
                                config.apiKey().orElse(null),
                                config.model())
                        .reading(config.reads().orElse(null)))
                .orElseGet(() -> new LlmEndpoint(DEFAULT, DEMO, null, null, DemoProvider.MODEL));
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

    /** As {@link #endpoint(Handle, String)}, with no key and nothing to fall back to: for a tenant that brings its own. */
    public Optional<LlmEndpoint> keyless(Handle handle, String name, TenantId tenant) {
        return providers
                .find(handle, name)
                .map(row -> new LlmEndpoint(
                        row.name(), row.kind(), row.baseUrl(), null, defaultModel(row), tenant, List.of(), row.reads()))
                .or(() -> withoutSetup(name)
                        .map(endpoint -> endpoint.fallingBackTo(List.of()).withKey(tenant, null)));
    }

    /** A provider that takes a key of a tenant's own, where {@code openai} may mean {@code default}; without any key. */
    public Optional<LlmEndpoint> keyed(Handle handle, String name, TenantId tenant) {
        return keyless(handle, name, tenant).filter(endpoint -> !endpoint.kind().equals(DEMO));
    }

    /** The providers that take a key of a tenant's own, by name. */
    public List<KeyedProvider> allKeyed() {
        List<KeyedProvider> all = new ArrayList<>();
        if (!standard.kind().equals(DEMO)) {
            all.add(new KeyedProvider(standard.name(), standard.kind(), List.of(standard.defaultModel())));
        }
        database.global(handle -> providers.list(handle, null, MOST)).stream()
                .filter(row -> !row.kind().equals(DEMO))
                .forEach(row -> all.add(new KeyedProvider(row.name(), row.kind(), row.models())));
        return all;
    }

    /** A provider as tenants see it: its name, its kind and the models that it is known to offer. */
    public record KeyedProvider(String name, String kind, List<String> models) {}

    /** Those that exist without setup: the one of the environment, then the demo. */
    List<LlmEndpoint> withoutSetup() {
        return List.of(standard, demo);
    }

    /** What is asked when the provider of the environment fails. */
    List<String> standardFallbacks() {
        return standardFallbacks;
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
                        vault.decrypt(handle, TenantId.PLATFORM, API_KEY, row.id(), row.apiKey()),
                        StandardCharsets.UTF_8);
        return new LlmEndpoint(row.name(), row.kind(), row.baseUrl(), key, defaultModel(row)).reading(row.reads());
    }

    private static String defaultModel(ProviderRepository.Row row) {
        return row.models().isEmpty() ? null : row.models().getFirst();
    }
}
