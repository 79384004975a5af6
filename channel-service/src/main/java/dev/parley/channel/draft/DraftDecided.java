package dev.parley.channel.draft;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.parley.channel.conversation.MessageEvent;
import dev.parley.platform.event.DomainEvent;
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
        implements DomainEvent {
    @Override
    public String type() {
        return "channel.draft-decided.v1";
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
