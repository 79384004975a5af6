package dev.parley.agent.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.ConfigurationService;
import dev.parley.agent.prompt.split.Arm;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.providerkey.ProviderKeyService;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * Chooses the prompt version that answers, and nothing else does: the tenant's own active version where its plan allows
 * that, else the arm of a running experiment, which stays the same for a conversation, else the active version; with the
 * tenant's configuration filled in. It answers from memory: a change here counts at once, one on another replica as soon as
 * the audit trail tells of it.
 */
@ApplicationScoped
public class PromptSelection {
    private static final int AGENTS_KEPT = 10_000;
    private static final int OWN_KEPT = 100_000;

    private final Database database;
    private final AgentService agents;
    private final PromptRepository prompts;
    private final Experiments experiments;
    private final PromptLoader loader;
    private final ConfigurationService configurations;
    private final CustomPromptsFlow customPrompts;
    private final ProviderKeyService keys;
    private final LoadingCache<String, Offer> offers;
    private final Cache<OwnKey, Own> owns;
    private final AtomicLong evictions = new AtomicLong();

    PromptSelection(
            Database database,
            AgentService agents,
            PromptRepository prompts,
            Experiments experiments,
            PromptLoader loader,
            ConfigurationService configurations,
            CustomPromptsFlow customPrompts,
            ProviderKeyService keys,
            PromptConfig config) {
        this.database = database;
        this.agents = agents;
        this.prompts = prompts;
        this.experiments = experiments;
        this.loader = loader;
        this.configurations = configurations;
        this.customPrompts = customPrompts;
        this.keys = keys;
        this.offers = Caffeine.newBuilder()
                .maximumSize(AGENTS_KEPT)
                .refreshAfterWrite(config.staleness())
                .expireAfterWrite(config.longestStaleness())
                .executor(task -> Thread.ofVirtual().name("prompt-load").start(task))
                // asynchronous, so that a load is an entry from its start: forgetting everything forgets it too
                .<String, Offer>buildAsync(slug -> database.inTenant(TenantId.PLATFORM, handle -> load(handle, slug)))
                .synchronous();
        this.owns = Caffeine.newBuilder()
                .maximumSize(OWN_KEPT)
                .expireAfterWrite(config.ownStaleness())
                .build();
    }

    private record OwnKey(TenantId tenant, UUID agentId) {}

    /** What a tenant has for an agent; the version is null in most cases, its provider where it leaves that to the platform. */
    private record Own(Configuration configuration, PromptVersion version, LlmEndpoint provider) {
        ActivePrompt ready(PromptLoader loader, ActivePrompt platforms) {
            return loader.load(version, platforms, provider).configured(configuration);
        }
    }

    /** What the platform has for an agent: its active version, and the arms by version while an experiment runs. */
    private record Offer(UUID agentId, ActivePrompt active, Experiment experiment, Map<UUID, ActivePrompt> arms) {
        ActivePrompt choose(TenantId tenant, String conversationId) {
            return experiment == null
                    ? active
                    : arms.get(experiment.armOf(tenant, conversationId).versionId());
        }
    }

    /**
     * What answers a message; 409 {@code AGENT_NOT_READY} when nothing does.
     *
     * @param conversationId null where there is no conversation
     */
    public ActivePrompt select(TenantId tenant, String slug, String conversationId) {
        Offer offer = offer(slug);
        Own own = own(tenant, offer);
        return own.version() != null && customPrompts.allowed(tenant)
                ? own.ready(loader, offer.active())
                : offer.choose(tenant, conversationId).configured(own.configuration());
    }

    /** A tenant's version as it would answer if it were active; 409 {@code AGENT_NOT_READY} when nothing does. */
    public ActivePrompt preview(TenantId tenant, String slug, PromptVersion version) {
        Offer offer = offer(slug);
        return database.inTenant(tenant, handle -> own(handle, new OwnKey(tenant, offer.agentId()), version))
                .ready(loader, offer.active());
    }

    private Own own(TenantId tenant, Offer offer) {
        OwnKey key = new OwnKey(tenant, offer.agentId());
        Own known = owns.getIfPresent(key);
        if (known != null) {
            return known;
        }
        // not inside the cache: it would keep tenants waiting that have nothing to do with this one
        long before = evictions.get();
        Own loaded = loadOwn(key);
        owns.put(key, loaded);
        if (evictions.get() != before) {
            owns.invalidate(key);
        }
        return loaded;
    }

    /** The variables of the agent's active version with their default values: what a configuration can fill in. */
    public Map<String, String> variables(String slug) {
        return new TreeMap<>(offer(slug).active().variables());
    }

    /** Forgets everything, so that the next message is answered by what is active now. Call it after the commit. */
    public void evict() {
        evictions.incrementAndGet();
        owns.invalidateAll();
        offers.invalidateAll();
    }

    /** Forgets what a tenant has, likewise. */
    public void evict(TenantId tenant) {
        evictions.incrementAndGet();
        owns.asMap().keySet().removeIf(key -> key.tenant().equals(tenant));
    }

    private Own loadOwn(OwnKey key) {
        return database.inTenant(key.tenant(), handle -> {
            keys.remember(handle, key.tenant());
            return own(
                    handle,
                    key,
                    prompts.findActive(handle, key.tenant(), key.agentId())
                            .map(PromptRepository.OnDuty::version)
                            .orElse(null));
        });
    }

    private Own own(Handle handle, OwnKey key, PromptVersion version) {
        return new Own(
                configurations.get(handle, key.tenant(), key.agentId()).content(),
                version,
                version == null || version.provider() == null
                        ? null
                        : loader.keyless(handle, key.tenant(), version.provider()));
    }

    private Offer offer(String slug) {
        Offer offer = offers.get(slug);
        if (offer == null) {
            throw notReady(slug);
        }
        return offer;
    }

    /** Null when nothing answers: that is not kept, and the cache would log it if it were thrown. */
    private Offer load(Handle handle, String slug) {
        UUID agentId = agents.offered(handle, slug).orElse(null);
        PromptRepository.OnDuty duty = agentId == null
                ? null
                : prompts.findActive(handle, TenantId.PLATFORM, agentId).orElse(null);
        if (duty == null) {
            return null;
        }
        ActivePrompt active = loader.load(handle, slug, duty.activationId(), duty.version());
        Experiment experiment = experiments.running(handle, agentId).orElse(null);
        Map<UUID, ActivePrompt> arms = new HashMap<>();
        if (experiment != null) {
            for (Arm arm : experiment.arms()) {
                PromptVersion version = prompts.find(handle, TenantId.PLATFORM, agentId, arm.number())
                        .orElseThrow();
                arms.put(arm.versionId(), loader.load(handle, slug, experiment.id(), version));
            }
        }
        return new Offer(agentId, active, experiment, arms);
    }

    private static Problem notReady(String slug) {
        return new Problem(PromptProblem.AGENT_NOT_READY)
                .detail("The agent " + slug + " has no active prompt version, is disabled, or does not exist.");
    }
}
