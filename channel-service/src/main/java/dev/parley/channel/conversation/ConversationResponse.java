package dev.parley.channel.conversation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation.
 *
 * @param channel web, api or the messenger's name
 * @param contactId the end customer, for messengers
 * @param messages how many turns it has had
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConversationResponse(
        UUID id,
        String agent,
        String channel,
        @Nullable UUID contactId,
        long messages,
        Instant createdAt,
        Instant updatedAt) {}
