package dev.parley.agent.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Gives the active prompt of an agent from memory; a change here counts at once, one on another replica within seconds. */
@ApplicationScoped
public class ActivePrompts {
    private static final int AGENTS_KEPT = 10_000;

    private final Database database;
    private final PromptRepository prompts;
    private final ProviderService providers;
    private final Cache<String, ActivePrompt> cache;

    ActivePrompts(Database database, PromptRepository prompts, ProviderService providers, PromptConfig config) {
        this.database = database;
        this.prompts = prompts;
        this.providers = providers;
        this.cache = Caffeine.newBuilder()
                .maximumSize(AGENTS_KEPT)
                .expireAfterWrite(config.staleness())
                .build();
    }

    /** What answers for the agent with that slug; 409 {@code AGENT_NOT_READY} when nothing does. */
    public ActivePrompt get(String slug) {
        ActivePrompt known = cache.getIfPresent(slug);
        return known != null ? known : cache.get(slug, this::load);
    }

    /** Forgets everything, so that the next run reads what is active now. */
    void evict() {
        cache.invalidateAll();
    }

    private ActivePrompt load(String slug) {
        return database.inTenant(TenantId.PLATFORM, handle -> load(handle, slug));
    }

    private ActivePrompt load(Handle handle, String slug) {
        PromptVersion version = prompts.findActive(handle, slug).orElseThrow(() -> new Problem(
                        PromptProblem.AGENT_NOT_READY)
                .detail("The agent " + slug + " has no active prompt version, is disabled, or does not exist."));
        LlmEndpoint endpoint = providers.endpoint(handle, version.provider()).orElseThrow(() -> new Problem(
                        PromptProblem.AGENT_NOT_READY)
                .detail("The provider of the agent " + slug + " is gone."));
        return new ActivePrompt(
                slug,
                version.number(),
                version.systemPrompt(),
                Map.copyOf(PromptVariables.defaults(version.variables())),
                endpoint,
                version.model() == null ? endpoint.defaultModel() : version.model(),
                version.temperature(),
                version.maxTokens());
    }
}
