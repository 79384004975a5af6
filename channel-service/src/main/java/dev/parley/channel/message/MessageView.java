package dev.parley.channel.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as clients see it.
 *
 * @param role {@code user} for what came in, {@code assistant} for a reply
 * @param status of what came in: queued, running, answered, refused or failed; of a reply to a messenger: pending,
 *     sending, sent, failed or ambiguous
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MessageView(
        UUID id,
        UUID conversationId,
        String role,
        String text,
        Instant at,
        @Nullable String status,
        @Nullable String clientMessageId,
        @Nullable JsonNode attachments,
        @Nullable UUID operationId,
        @Nullable Integer promptVersion,
        @Nullable String finishReason) {
    /** A message that came in. */
    static MessageView inbound(
            UUID id,
            UUID conversationId,
            String text,
            Instant at,
            String status,
            @Nullable String clientMessageId,
            @Nullable JsonNode attachments,
            UUID operationId) {
        return new MessageView(
                id, conversationId, "user", text, at, status, clientMessageId, attachments, operationId, null, null);
    }

    MessageView answered() {
        return new MessageView(
                id,
                conversationId,
                role,
                text,
                at,
                "answered",
                clientMessageId,
                attachments,
                operationId,
                promptVersion,
                finishReason);
    }
}
