package dev.parley.channel.handoff;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.Handoff;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks in a conversation.
 *
 * @param owner {@code bot}, {@code staff}, or {@code waiting} when the agent asked for a person and nobody came yet
 * @param epoch grows with every change of who may speak
 * @param assignedTo the person's subject
 * @param ownerUntil when the bot has it again if the person says nothing more
 * @param handoff why the agent asked for a person, until the bot has the conversation again
 * @param channel web, api or the messenger's name
 * @param optedOut whether the customer asked to be sent nothing more
 * @param language the customer's, as they or their messenger say; a BCP 47 tag, if it is one
 * @param lapsed whether the person's lease is over, and nobody has noted it yet
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Ownership(
        UUID conversationId,
        String owner,
        long epoch,
        @Nullable String assignedTo,
        @Nullable Instant ownerUntil,
        @Nullable Handoff handoff,
        @JsonIgnore String channel,
        @JsonIgnore boolean onMessenger,
        @JsonIgnore boolean optedOut,
        @JsonIgnore @Nullable String language,
        @JsonIgnore boolean lapsed) {
    /** Whether a person has it. */
    public boolean staffed() {
        return "staff".equals(owner);
    }

    /** Whether the bot speaks. */
    @JsonIgnore
    public boolean isBots() {
        return "bot".equals(owner);
    }

    /** Whether a person was asked for and nobody came yet. */
    @JsonIgnore
    public boolean isWaiting() {
        return "waiting".equals(owner);
    }
}
