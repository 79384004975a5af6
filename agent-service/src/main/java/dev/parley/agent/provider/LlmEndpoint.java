package dev.parley.agent.provider;

/**
 * Where and as whom to call a provider.
 *
 * @param name the provider's name in our catalogue
 * @param kind the adapter to use
 * @param baseUrl the address up to and including the API version, without a trailing slash; null for {@code demo}
 * @param apiKey the key in clear, or null when the server needs none
 * @param defaultModel the model when a prompt version names none; may be null
 */
public record LlmEndpoint(String name, String kind, String baseUrl, String apiKey, String defaultModel) {
    /** Names the provider and never its key. */
    @Override
    public String toString() {
        return "LlmEndpoint[" + name + ", " + kind + "]";
    }
}
