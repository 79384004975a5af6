package dev.parley.agent.prompt;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.provider.LlmEndpoint;
import dev.parley.agent.provider.ProviderService;
import dev.parley.platform.problem.Problem;
import dev.parley.platform.tenancy.TenantId;
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

    /**
     * Readies a tenant's version; what it comes to is not counted.
     *
     * @param own the provider that it names; null where it is answered by provider and model of the platform's
     */
    ActivePrompt load(PromptVersion version, ActivePrompt platforms, LlmEndpoint own) {
        if (own == null) {
            return load(platforms.agent(), null, version, platforms.endpoint(), platforms.model());
        }
        String model = version.model() == null ? own.defaultModel() : version.model();
        return load(platforms.agent(), null, version, own, model);
    }

    /**
     * A provider that a tenant's version names, without the platform's key: the tenant's own is put in for each run, and
     * where it is gone the provider refuses. Null when the provider is gone: the platform's answers then.
     */
    LlmEndpoint keyless(Handle handle, TenantId tenant, String provider) {
        return providers.keyless(handle, provider, tenant).orElse(null);
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
