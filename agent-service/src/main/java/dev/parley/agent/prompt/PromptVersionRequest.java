package dev.parley.agent.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * The content of a prompt version.
 *
 * @param systemPrompt may hold placeholders such as <code>{{business}}</code>
 * @param provider a provider's name; {@code default} when absent
 * @param model the provider's default when absent
 * @param temperature the provider's default when absent
 * @param maxTokens the most tokens of one reply; limits of the plan may be lower
 * @param variables default values by name, or a list of names
 */
public record PromptVersionRequest(
        @NotBlank @Size(max = 100_000) @Pattern(regexp = "(?s)[^\\x00]*")
        String systemPrompt,

        @Size(max = 63) @Pattern(regexp = "(?s)[^\\x00]*") String provider,

        @Size(min = 1, max = 200) @Pattern(regexp = "(?s)[^\\x00]*")
        String model,

        @DecimalMin("0") @DecimalMax("2") Double temperature,
        @Positive @Max(1_000_000) Integer maxTokens,
        JsonNode variables) {}
