package dev.parley.agent.prompt;

import dev.parley.agent.provider.LlmEndpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A prompt version that may answer, ready to be used.
 *
 * @param versionId the prompt version
 * @param releaseId what brought it on duty: an activation, or an experiment; null for one that is only tried
 * @param number the prompt version's number, which each owner counts apart
 * @param variables the declared variables with their values
 * @param temperature null for the provider's default
 * @param maxTokens null for no limit of its own
 */
public record ActivePrompt(
        UUID versionId,
        UUID releaseId,
        String agent,
        int number,
        String template,
        Map<String, String> variables,
        LlmEndpoint endpoint,
        String model,
        Double temperature,
        Integer maxTokens) {
    /** The system prompt with the variables put in; values given here go before the version's own. */
    public String systemPrompt(Map<String, String> given) {
        if (template.indexOf("{{") < 0) {
            return template;
        }
        Map<String, String> values = new HashMap<>(variables);
        values.putAll(given);
        return PromptVariables.render(template, values);
    }

    /** The same with a tenant's values of the variables that the version declares; it takes no others. */
    ActivePrompt configured(Map<String, String> values) {
        if (values.isEmpty() || variables.isEmpty()) {
            return this;
        }
        Map<String, String> filled = new HashMap<>(variables);
        filled.replaceAll((name, standard) -> values.getOrDefault(name, standard));
        return new ActivePrompt(
                versionId, releaseId, agent, number, template, filled, endpoint, model, temperature, maxTokens);
    }
}
