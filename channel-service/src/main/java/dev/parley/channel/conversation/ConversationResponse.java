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
 * @param owner who answers: {@code bot}, {@code staff}, or {@code waiting} when a person was asked for and none came yet
 * @param assignedTo the person who does, by subject
 * @param ownerUntil when the bot has it again if that person says nothing more
 * @param handoff why the agent asked for a person, until the bot has the conversation again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConversationResponse(
        UUID id,
        String agent,
        String channel,
        @Nullable UUID contactId,
        long messages,
        String owner,
        @Nullable String assignedTo,
        @Nullable Instant ownerUntil,
        @Nullable Handoff handoff,
        Instant createdAt,
        Instant updatedAt) {}
