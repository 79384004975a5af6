package dev.parley.channel.contact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.DomainEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A contact wants to be sent nothing more, or something again after all.
 *
 * @param by who said so: {@code customer} by a message, the {@code messenger}, or {@code staff}
 * @param messageId the message that said so; null when it was none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ConsentEvent(
        @JsonIgnore boolean out,
        UUID contactId,
        String by,
        @Nullable UUID messageId,
        Instant at) implements DomainEvent {
    @Override
    public String type() {
        return out ? "channel.contact-opted-out.v1" : "channel.contact-opted-in.v1";
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
