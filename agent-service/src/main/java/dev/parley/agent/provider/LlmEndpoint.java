package dev.parley.agent.provider;

import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.Locale;

/**
 * Where and as whom to call a provider.
 *
 * @param name the provider's name in our catalogue
 * @param kind the adapter to use
 * @param baseUrl the address up to and including the API version, without a trailing slash; null for {@code demo}
 * @param apiKey the key in clear, or null when the server needs none
 * @param defaultModel the model when a prompt version names none; may be null
 * @param keyOwner whose key it is: the platform's, or the tenant's own
 * @param fallbacks what is asked instead when this one fails, in that order
 * @param reads the types of files, beside pictures, that its models read; null for those of its kind
 */
public record LlmEndpoint(
        String name,
        String kind,
        String baseUrl,
        String apiKey,
        String defaultModel,
        TenantId keyOwner,
        List<LlmTarget> fallbacks,
        List<String> reads) {
    /** A provider with the platform's key and nothing to fall back to. */
    public LlmEndpoint(String name, String kind, String baseUrl, String apiKey, String defaultModel) {
        this(name, kind, baseUrl, apiKey, defaultModel, TenantId.PLATFORM, List.of(), null);
    }

    /** The same provider, whose models read files of these types; null for those of its kind. */
    LlmEndpoint reading(List<String> types) {
        return new LlmEndpoint(name, kind, baseUrl, apiKey, defaultModel, keyOwner, fallbacks, types);
    }

    /** The same provider with what is asked instead. */
    LlmEndpoint fallingBackTo(List<LlmTarget> others) {
        return new LlmEndpoint(name, kind, baseUrl, apiKey, defaultModel, keyOwner, others, reads);
    }

    /** The same provider, and nobody else when it fails. */
    public LlmEndpoint alone() {
        return fallingBackTo(List.of());
    }

    /** The same provider called with a tenant's own key. */
    public LlmEndpoint withKey(TenantId owner, String key) {
        return new LlmEndpoint(name, kind, baseUrl, key, defaultModel, owner, fallbacks, reads);
    }

    /** The host that keys are sent to, with scheme and port; null for {@code demo}. */
    public String origin() {
        return baseUrl == null
                ? null
                : baseUrl.replaceAll("^([a-zA-Z]+://[^/]+).*$", "$1").toLowerCase(Locale.ROOT);
    }

    /** Names the provider and never its key. */
    @Override
    public String toString() {
        return "LlmEndpoint[" + name + ", " + kind + "]";
    }
}
