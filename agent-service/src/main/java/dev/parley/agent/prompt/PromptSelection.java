package dev.parley.agent.prompt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.parley.agent.catalogue.AgentService;
import dev.parley.platform.data.Database;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Chooses the prompt version that answers, and nothing else does. It answers from memory: a change here counts at once,
 * one on another replica within {@code agent.prompt.staleness}.
 */
@ApplicationScoped
public class PromptSelection {
    private static final int AGENTS_KEPT = 10_000;

    private final Database database;
    private final AgentService agents;
    private final PromptRepository prompts;
    private final PromptLoader loader;
    private final Cache<String, ActivePrompt> offered;

    PromptSelection(
            Database database,
            AgentService agents,
            PromptRepository prompts,
            PromptLoader loader,
            PromptConfig config) {
        this.database = database;
        this.agents = agents;
        this.prompts = prompts;
        this.loader = loader;
        this.offered = Caffeine.newBuilder()
                .maximumSize(AGENTS_KEPT)
                .expireAfterWrite(config.staleness())
                .build();
    }

    /** What answers a message of that conversation; 409 {@code AGENT_NOT_READY} when nothing does. */
    public ActivePrompt select(TenantId tenant, String slug, String conversationId) {
        ActivePrompt known = offered.getIfPresent(slug);
        return known != null ? known : offered.get(slug, this::load);
    }

    /** Forgets everything, so that the next message is answered by what is active now. */
    void evict() {
        offered.invalidateAll();
    }

    private ActivePrompt load(String slug) {
        return database.inTenant(TenantId.PLATFORM, handle -> load(handle, slug));
    }

    private ActivePrompt load(Handle handle, String slug) {
        UUID agentId = agents.offered(handle, slug).orElseThrow(() -> notReady(slug));
        PromptRepository.OnDuty duty =
                prompts.findActive(handle, TenantId.PLATFORM, agentId).orElseThrow(() -> notReady(slug));
        return loader.load(handle, slug, duty.activationId(), duty.version());
    }

    private static Problem notReady(String slug) {
        return new Problem(PromptProblem.AGENT_NOT_READY)
                .detail("The agent " + slug + " has no active prompt version, is disabled, or does not exist.");
    }
}
