package dev.parley.channel.turn;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as clients see it.
 *
 * @param role {@code user} for what came in, {@code assistant} for a reply, {@code staff} for what a person wrote to the
 *     customer, {@code notice} for what Parley itself said
 * @param status of what came in: queued, running, drafted (its answer waits for a person), withheld (its answer is not
 *     sent), answered, refused, failed, merged, held_by_staff or handled; of what goes to a messenger: pending, held,
 *     sending, sent, delivered, read, failed, ambiguous or cancelled
 * @param approvedBy who let out what an agent had written; null where nobody was asked
 * @param buttons what a person let the customer choose, {@code [{"id","title"}]}
 * @param template what a person said instead of words, {@code {"name","language","parameters"}}
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
        @Nullable UUID promptVersionId,
        @Nullable String finishReason,
        @Nullable String approvedBy,
        @Nullable JsonNode buttons,
        @Nullable JsonNode template) {
    /** A message that came in. */
    public static MessageView inbound(
            UUID id,
            UUID conversationId,
            String text,
            Instant at,
            String status,
            @Nullable String clientMessageId,
            @Nullable JsonNode attachments,
            UUID operationId) {
        return new MessageView(
                id,
                conversationId,
                "user",
                text,
                at,
                status,
                clientMessageId,
                attachments,
                operationId,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /**
     * What a person wrote to the customer.
     *
     * @param status how far it came on its way to a messenger; null where it is read here
     */
    public static MessageView staff(
            UUID id,
            UUID conversationId,
            String text,
            Instant at,
            @Nullable String clientMessageId,
            @Nullable JsonNode attachments,
            UUID operationId,
            @Nullable String status,
            @Nullable JsonNode buttons,
            @Nullable JsonNode template) {
        return new MessageView(
                id,
                conversationId,
                "staff",
                text,
                at,
                status,
                clientMessageId,
                attachments,
                operationId,
                null,
                null,
                null,
                null,
                buttons,
                template);
    }

    MessageView answered() {
        return being("answered");
    }

    /** The same in another state. */
    public MessageView being(String state) {
        return new MessageView(
                id,
                conversationId,
                role,
                text,
                at,
                state,
                clientMessageId,
                attachments,
                operationId,
                promptVersion,
                promptVersionId,
                finishReason,
                approvedBy,
                buttons,
                template);
    }
}
