package dev.parley.channel.contact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.DomainEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person wants to be sent nothing more, or wants to be written to again.
 *
 * @param conversationId where the person said so; null when somebody of the tenant noted it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContactEvent(
        @JsonIgnore Kind kind, UUID contactId, @Nullable UUID conversationId, Instant at) implements DomainEvent {
    /** What the person wants. */
    public enum Kind {
        OPTED_OUT("channel.contact-opted-out.v1"),
        OPTED_IN("channel.contact-opted-in.v1");

        private final String type;

        Kind(String type) {
            this.type = type;
        }

        /** The event's type. */
        public String type() {
            return type;
        }
    }

    @Override
    public String type() {
        return kind.type;
    }

    @Override
    public String topic() {
        return MessageEvent.TOPIC;
    }

    @Override
    public String key() {
        return contactId.toString();
    }

    @Override
    public String subject() {
        return contactId.toString();
    }
}
