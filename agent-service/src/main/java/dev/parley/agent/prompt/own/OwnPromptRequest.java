package dev.parley.agent.prompt.own;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.agent.prompt.PromptVersionRequest;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * The content of a tenant's own prompt version.
 *
 * @param systemPrompt may hold placeholders such as <code>{{persona}}</code>
 * @param provider one of which the tenant has a key of its own; provider and model of the platform's version when absent
 * @param model the provider's default when absent
 * @param temperature the provider's default when absent
 * @param maxTokens the most tokens of one reply; limits of the plan may be lower
 * @param variables default values by name, or a list of names
 */
public record OwnPromptRequest(
        @NotBlank @Size(max = 100_000) @Pattern(regexp = "(?s)[^\\x00]*")
        String systemPrompt,

        @Size(min = 1, max = 63) @Pattern(regexp = "[^\\x00]*")
        String provider,

        @Size(min = 1, max = 200) @Pattern(regexp = "[^\\x00]*")
        String model,

        @DecimalMin("0") @DecimalMax("2") Double temperature,
        @Positive @Max(1_000_000) Integer maxTokens,
        JsonNode variables) {
    PromptVersionRequest content() {
        return new PromptVersionRequest(systemPrompt, provider, model, temperature, maxTokens, variables);
    }
}
