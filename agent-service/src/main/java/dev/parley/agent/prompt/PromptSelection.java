package dev.parley.agent.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.catalogue.AgentService;
import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.configuration.ConfigurationService;
import dev.parley.agent.prompt.split.Arm;
import dev.parley.agent.prompt.split.Experiment;
import dev.parley.agent.prompt.split.Experiments;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Chooses the prompt version that answers, and nothing else does: the tenant's own active version where its plan allows
 * that, else the arm of a running experiment, which stays the same for a conversation, else the active version; with the
 * tenant's configuration filled in. It answers from memory: a change here counts at once, one on another replica within
 * {@code agent.prompt.staleness} and {@code agent.prompt.own-staleness}.
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
    private final CustomPrompts customPrompts;
    private final Cache<String, Offer> offers;
    private final Cache<OwnKey, Own> owns;

    PromptSelection(
            Database database,
            AgentService agents,
            PromptRepository prompts,
            Experiments experiments,
            PromptLoader loader,
            ConfigurationService configurations,
            CustomPrompts customPrompts,
            PromptConfig config) {
        this.database = database;
        this.agents = agents;
        this.prompts = prompts;
        this.experiments = experiments;
        this.loader = loader;
        this.configurations = configurations;
        this.customPrompts = customPrompts;
        this.offers = Caffeine.newBuilder()
                .maximumSize(AGENTS_KEPT)
                .expireAfterWrite(config.staleness())
                .build();
        this.owns = Caffeine.newBuilder()
                .maximumSize(OWN_KEPT)
                .expireAfterWrite(config.ownStaleness())
                .build();
    }

    private record OwnKey(TenantId tenant, UUID agentId) {}

    /** What a tenant has for an agent; the version is null in most cases. */
    private record Own(Configuration configuration, PromptVersion version) {}

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
        ActivePrompt chosen = own.version() != null && customPrompts.allowed(tenant)
                ? loader.load(own.version(), offer.active())
                : offer.choose(tenant, conversationId);
        return chosen.configured(own.configuration());
    }

    /** What the tenant set of an agent; 409 {@code AGENT_NOT_READY} when nothing answers for it. */
    public Configuration configuration(TenantId tenant, String slug) {
        return own(tenant, offer(slug)).configuration();
    }

    private Own own(TenantId tenant, Offer offer) {
        OwnKey key = new OwnKey(tenant, offer.agentId());
        Own known = owns.getIfPresent(key);
        return known != null ? known : owns.get(key, this::loadOwn);
    }

    /** The variables of the agent's active version with their default values: what a configuration can fill in. */
    public Map<String, String> variables(String slug) {
        return new TreeMap<>(offer(slug).active().variables());
    }

    /** Forgets what the platform has, so that the next message is answered by what is active now. Call it after the commit. */
    public void evict() {
        offers.invalidateAll();
    }

    /** Forgets what a tenant has, likewise. */
    public void evict(TenantId tenant) {
        owns.asMap().keySet().removeIf(key -> key.tenant().equals(tenant));
    }

    private Own loadOwn(OwnKey key) {
        return database.inTenant(
                key.tenant(),
                handle -> new Own(
                        configurations.get(handle, key.tenant(), key.agentId()).content(),
                        prompts.findActive(handle, key.tenant(), key.agentId())
                                .map(PromptRepository.OnDuty::version)
                                .orElse(null)));
    }

    private Offer offer(String slug) {
        Offer known = offers.getIfPresent(slug);
        return known != null ? known : offers.get(slug, this::load);
    }

    private Offer load(String slug) {
        return database.inTenant(TenantId.PLATFORM, handle -> load(handle, slug));
    }

    private Offer load(Handle handle, String slug) {
        UUID agentId = agents.offered(handle, slug).orElseThrow(() -> notReady(slug));
        PromptRepository.OnDuty duty =
                prompts.findActive(handle, TenantId.PLATFORM, agentId).orElseThrow(() -> notReady(slug));
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
