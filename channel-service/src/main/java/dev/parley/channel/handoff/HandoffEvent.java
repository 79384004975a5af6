package dev.parley.channel.handoff;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.ConversationEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A person took a conversation over, or the bot has it again.
 *
 * @param assignedTo the person's subject, of a take-over
 * @param until when the lease ends if the person says nothing more, of a take-over
 * @param reason of a return: {@code released} by a person, or {@code inactivity}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HandoffEvent(
        @JsonIgnore Kind kind,
        UUID conversationId,
        long epoch,
        @Nullable String assignedTo,
        @Nullable Instant until,
        @Nullable String reason,
        Instant at)
        implements ConversationEvent {
    /** What happened. */
    public enum Kind {
        TAKEN_OVER("channel.conversation-taken-over.v1"),
        HANDED_BACK("channel.conversation-handed-back.v1");

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
}
