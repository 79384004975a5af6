package dev.parley.channel.draft;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.ConversationEvent;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A draft does not wait any more. The text is not part of it.
 *
 * @param state approved, rejected, superseded, expired or ended
 * @param edited whether people changed what the agent wrote
 * @param decidedBy the person, of an approval or a rejection
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DraftDecided(
        UUID draftId,
        UUID conversationId,
        UUID operationId,
        String agent,
        String channel,
        DraftState state,
        boolean edited,
        boolean sampled,
        @Nullable String decidedBy,
        Instant at)
        implements ConversationEvent {
    @Override
    public String type() {
        return "channel.draft-decided.v1";
    }

    @Override
    public String subject() {
        return draftId.toString();
    }
}
