package dev.parley.channel.conversation;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.UUID;

/** A message came in, went out or failed. The text is not part of it. */
public record MessageEvent(
        @JsonIgnore Kind kind,
        UUID messageId,
        UUID conversationId,
        UUID operationId,
        String channel,
        String agent,
        String direction,
        Instant at)
        implements ConversationEvent {
    /** The topic of all events about messages. */
    public static final String TOPIC = "channel.message.events";

    /** What happened. */
    public enum Kind {
        RECEIVED("channel.message-received.v1", "in"),
        SENT("channel.message-sent.v1", "out"),
        FAILED("channel.message-failed.v1", "out"),
        DELIVERED("channel.message-delivered.v1", "out"),
        READ("channel.message-read.v1", "out");

        private final String type;
        private final String direction;

        Kind(String type, String direction) {
            this.type = type;
            this.direction = direction;
        }

        /** The event's type. */
        public String type() {
            return type;
        }
    }

    /** An event of that kind. */
    public static MessageEvent of(
            Kind kind,
            UUID messageId,
            UUID conversationId,
            UUID operationId,
            String channel,
            String agent,
            Instant at) {
        return new MessageEvent(kind, messageId, conversationId, operationId, channel, agent, kind.direction, at);
    }

    @Override
    public String type() {
        return kind.type;
    }

    @Override
    public String subject() {
        return messageId.toString();
    }
}
