package dev.parley.channel.handoff;

import dev.parley.channel.conversation.ConversationEvent;
import java.time.Instant;
import java.util.UUID;

/** An agent asked for a person; the conversation waits for one. What the person should know is not part of it. */
public record HandoffRequested(
        UUID conversationId, UUID operationId, String channel, String agent, String reason, Instant at)
        implements ConversationEvent {
    @Override
    public String type() {
        return "channel.handoff-requested.v1";
    }
}
