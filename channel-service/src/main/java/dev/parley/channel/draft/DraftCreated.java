package dev.parley.channel.draft;

import dev.parley.channel.conversation.ConversationEvent;
import java.time.Instant;
import java.util.UUID;

/**
 * A reply waits for a person. The text is not part of it.
 *
 * @param sampled whether it was drawn while the agent was on autopilot
 */
public record DraftCreated(
        UUID draftId,
        UUID conversationId,
        UUID operationId,
        String agent,
        String channel,
        boolean sampled,
        Instant expiresAt,
        Instant at)
        implements ConversationEvent {
    @Override
    public String type() {
        return "channel.draft-created.v1";
    }

    @Override
    public String subject() {
        return draftId.toString();
    }
}
