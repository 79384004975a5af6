package dev.parley.channel.handoff;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks in a conversation.
 *
 * @param owner {@code bot} or {@code staff}
 * @param epoch grows with every change of who may speak
 * @param assignedTo the person's subject
 * @param ownerUntil when the bot has it again if the person says nothing more
 * @param optedOut whether the customer asked to be sent nothing more
 * @param lapsed whether the person's lease is over, and nobody has noted it yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ownership(
        UUID conversationId,
        String owner,
        long epoch,
        @Nullable String assignedTo,
        @Nullable Instant ownerUntil,
        @JsonIgnore boolean onMessenger,
        @JsonIgnore boolean optedOut,
        @JsonIgnore boolean lapsed) {
    /** Whether a person has it. */
    public boolean staffed() {
        return "staff".equals(owner);
    }
}
