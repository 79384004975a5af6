package dev.parley.agent.prompt;

import dev.parley.agent.provider.LlmEndpoint;
import java.util.HashMap;
import java.util.Map;

/**
 * What answers for an agent now: its active prompt version, ready to be used.
 *
 * @param number the prompt version
 * @param temperature null for the provider's default
 * @param maxTokens null for no limit of its own
 */
public record ActivePrompt(
        String agent,
        int number,
        String template,
        Map<String, String> variables,
        LlmEndpoint endpoint,
        String model,
        Double temperature,
        Integer maxTokens) {
    /** The system prompt with the variables put in; values given here go before the version's defaults. */
    public String systemPrompt(Map<String, String> given) {
        if (template.indexOf("{{") < 0) {
            return template;
        }
        Map<String, String> values = new HashMap<>(variables);
        values.putAll(given);
        return PromptVariables.render(template, values);
    }
}
