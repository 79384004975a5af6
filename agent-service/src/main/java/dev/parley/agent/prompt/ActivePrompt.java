package dev.parley.agent.prompt;

import dev.parley.agent.configuration.Configuration;
import dev.parley.agent.provider.LlmEndpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A prompt version that may answer, ready to be used.
 *
 * @param versionId the prompt version
 * @param releaseId what brought it on duty: an activation, or an experiment; null for one that is only tried, and for a
 *     tenant's own
 * @param number the prompt version's number, which each owner counts apart
 * @param variables the declared variables with their values
 * @param temperature null for the provider's default
 * @param maxTokens null for no limit of its own
 * @param configuration what the tenant set of the agent
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
        Integer maxTokens,
        Configuration configuration) {
    /** The system prompt with the variables put in; values given here go before the version's own. */
    public String systemPrompt(Map<String, String> given) {
        if (template.indexOf("{{") < 0) {
            return template;
        }
        Map<String, String> values = new HashMap<>(variables);
        values.putAll(given);
        return PromptVariables.render(template, values);
    }

    /** The same with values in place of those of the variables, and others beside them. */
    public ActivePrompt filled(Map<String, String> given) {
        Map<String, String> filled = new HashMap<>(variables);
        filled.putAll(given);
        return new ActivePrompt(
                versionId,
                releaseId,
                agent,
                number,
                template,
                filled,
                endpoint,
                model,
                temperature,
                maxTokens,
                configuration);
    }

    /** The same with what a tenant set; of its values only those of variables that the version declares are taken. */
    ActivePrompt configured(Configuration set) {
        if (set.equals(Configuration.NONE)) {
            return this;
        }
        Map<String, String> values = set.values();
        Map<String, String> filled = new HashMap<>(variables);
        filled.replaceAll((name, standard) -> values.getOrDefault(name, standard));
        return new ActivePrompt(
                versionId, releaseId, agent, number, template, filled, endpoint, model, temperature, maxTokens, set);
    }
}
