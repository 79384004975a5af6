package dev.parley.channel.outbound;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question to policy-service.
 *
 * @param estimate the expected quantity for each meter
 * @param hold whether to reserve credits for it
 * @param contact the person who would be written to, on a messenger
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DecisionRequest(
        UUID operationId,
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable UUID conversationId,
        Map<String, Long> estimate,
        boolean hold,
        @Nullable Contact contact) {
    /** Who would be written to. */
    public record Contact(boolean optedOut) {}

    /** A question about nobody in particular. */
    public DecisionRequest(
            UUID operationId,
            String agent,
            String channel,
            @Nullable String userId,
            @Nullable UUID conversationId,
            Map<String, Long> estimate,
            boolean hold) {
        this(operationId, agent, channel, userId, conversationId, estimate, hold, null);
    }
}
