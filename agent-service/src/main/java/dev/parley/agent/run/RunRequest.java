package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;

/**
 * Asks for a reply to a conversation.
 *
 * @param operationId the reply is made once for it
 * @param conversationId the conversation, where there is one
 * @param agent the agent's slug
 * @param messages the conversation, oldest first; the last is the user's
 * @param limits what policy allows
 * @param parameters what the caller wishes, within the limits
 * @param hold the opaque id of the hold that pays for it; it goes with the usage, so that policy can always charge it
 */
public record RunRequest(
        @NotNull UUID operationId,
        @Size(max = 200) String conversationId,
        @NotBlank @Size(max = 63) String agent,
        @NotBlank @Size(max = 63) String channel,
        @NotEmpty @Valid List<@NotNull RunMessage> messages,
        @Valid Limits limits,
        @Valid Parameters parameters,
        @Size(max = 1000) String hold) {
    /** A message; content is a text, or a list of OpenAI content parts. */
    public record RunMessage(@NotBlank String role, @NotNull JsonNode content) {}

    /** Tokens that may be used; null is no limit. */
    public record Limits(
            @Positive Integer maxInputTokens, @Positive Integer maxOutputTokens) {}

    /** Wishes; {@code stop} is a text or a list of up to four. */
    public record Parameters(
            @DecimalMin("0") @DecimalMax("2") Double temperature,
            @Positive Integer maxTokens,
            JsonNode stop) {}
}
