package dev.parley.agent.prompt;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Makes a prompt version ready to be used: with its provider's address and key, and its variables. */
@ApplicationScoped
class PromptLoader {
    private final ProviderService providers;

    PromptLoader(ProviderService providers) {
        this.providers = providers;
    }

    /**
     * Readies a version of the platform; 409 {@code AGENT_NOT_READY} when its provider is gone.
     *
     * @param handle of a transaction of the platform, for whom the providers' keys are encrypted
     */
    ActivePrompt load(Handle handle, String slug, UUID releaseId, PromptVersion version) {
        LlmEndpoint endpoint = providers.endpoint(handle, version.provider()).orElseThrow(() -> new Problem(
                        PromptProblem.AGENT_NOT_READY)
                .detail("The provider of the agent " + slug + " is gone."));
        String model = version.model() == null ? endpoint.defaultModel() : version.model();
        return load(slug, releaseId, version, endpoint, model);
    }

    /** Readies a tenant's version, which is answered by provider and model of the platform's; what it comes to is not counted. */
    ActivePrompt load(PromptVersion version, ActivePrompt platforms) {
        return load(platforms.agent(), null, version, platforms.endpoint(), platforms.model());
    }

    private static ActivePrompt load(
            String slug, UUID releaseId, PromptVersion version, LlmEndpoint endpoint, String model) {
        return new ActivePrompt(
                version.id(),
                releaseId,
                slug,
                version.number(),
                version.systemPrompt(),
                Map.copyOf(PromptVariables.defaults(version.variables())),
                endpoint,
                model,
                version.temperature(),
                version.maxTokens(),
                Configuration.NONE);
    }
}
