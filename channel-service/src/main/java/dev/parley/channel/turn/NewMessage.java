package dev.parley.channel.turn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message to be stored, with the operation that is to answer it. */
public record NewMessage(
        UUID id,
        UUID conversationId,
        UUID operationId,
        String text,
        @Nullable ArrayNode attachments,
        @Nullable String clientMessageId,
        @Nullable String userId,
        String createdBy) {
    /** The attachments as they are stored; null for none. */
    public @Nullable String storedAttachments() {
        return attachments == null ? null : attachments.toString();
    }
}
