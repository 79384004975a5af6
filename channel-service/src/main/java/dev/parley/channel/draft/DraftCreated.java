package dev.parley.channel.draft;

import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.DomainEvent;
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
        implements DomainEvent {
    @Override
    public String type() {
        return "channel.draft-created.v1";
    }

    @Override
    public String topic() {
        return MessageEvent.TOPIC;
    }

    @Override
    public String key() {
        return conversationId.toString();
    }

    @Override
    public String subject() {
        return draftId.toString();
    }
}
