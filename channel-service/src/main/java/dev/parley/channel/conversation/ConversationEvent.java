package dev.parley.channel.conversation;

import dev.parley.platform.event.DomainEvent;
import java.util.UUID;

/** Something happened in a conversation; its events come in order. */
public interface ConversationEvent extends DomainEvent {
    /** Where it happened. */
    UUID conversationId();

    @Override
    default String topic() {
        return MessageEvent.TOPIC;
    }

    @Override
    default String key() {
        return conversationId().toString();
    }

    /** What it is about; the conversation, unless it is something in it. */
    @Override
    default String subject() {
        return conversationId().toString();
    }
}
