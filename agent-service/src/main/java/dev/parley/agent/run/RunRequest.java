package dev.parley.agent.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.platform.crypto.Sha256;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks for a reply to a conversation.
 *
 * @param operationId the reply is made once for it
 * @param conversationId the conversation, where there is one
 * @param agent the agent's slug
 * @param messages the conversation, oldest first; the last is the user's, or the result of a function
 * @param limits what policy allows
 * @param parameters what the caller wishes, within the limits
 * @param hold the opaque id of the hold that pays for it; it goes with the usage, so that policy can always charge it
 * @param toolsAllowed the platform's functions that the agent may call; none when absent
 * @param contact what is known of who is answered
 */
public record RunRequest(
        @NotNull UUID operationId,
        @Size(max = 200) String conversationId,
        @NotBlank @Size(max = 63) String agent,
        @NotBlank @Size(max = 63) String channel,
        @NotEmpty @Valid List<@NotNull RunMessage> messages,
        @Valid Limits limits,
        @Valid Parameters parameters,
        @Size(max = 1000) String hold,
        @Size(max = 50) List<@NotBlank @Size(max = 64) String> toolsAllowed,
        @Valid Contact contact) {
    private static final int SHORTEST_QUESTION = 20;

    /**
     * A number that is the same for the same last text; tells repetitions without keeping the text. Empty for what people
     * say again and again: a yes, a number, the name of a button.
     */
    Optional<Long> question() {
        JsonNode last = messages.isEmpty() ? null : messages.getLast().content();
        String text = last == null ? "" : (last.isTextual() ? last.textValue() : last.toString()).strip();
        return text.length() < SHORTEST_QUESTION ? Optional.empty() : Optional.of(hash(text));
    }

    private static long hash(String text) {
        return ByteBuffer.wrap(Sha256.of(text)).getLong();
    }

    /**
     * A message in OpenAI's form.
     *
     * @param content a text, or a list of content parts; may be missing where functions are called
     * @param toolCalls the functions that the assistant called
     * @param toolCallId the call whose result this is, with the role {@code tool}
     */
    public record RunMessage(@NotBlank String role, JsonNode content, JsonNode toolCalls, String toolCallId) {}

    /**
     * Who is answered, as far as agents are told.
     *
     * @param language a BCP 47 tag; nothing else fits, because prompts show it
     */
    public record Contact(
            @Size(max = 35) @Pattern(regexp = "[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
            String language) {}

    /** Tokens that may be used; null is no limit. */
    public record Limits(
            @Positive Integer maxInputTokens, @Positive Integer maxOutputTokens) {}

    /**
     * Wishes, in OpenAI's form.
     *
     * @param stop a text or a list of up to four
     * @param tools functions that the caller carries out itself
     * @param toolChoice auto, none, required or one of them
     * @param responseFormat text, json_object or json_schema
     */
    public record Parameters(
            @DecimalMin("0") @DecimalMax("2") Double temperature,
            @Positive Integer maxTokens,
            JsonNode stop,
            JsonNode tools,
            JsonNode toolChoice,
            JsonNode responseFormat) {}
}
