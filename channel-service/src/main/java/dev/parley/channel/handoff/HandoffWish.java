package dev.parley.channel.handoff;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent's wish that a person takes the conversation over.
 *
 * @param reason why a person is needed
 * @param summary what the person should know
 */
public record HandoffWish(
        UUID conversationId,
        UUID operationId,
        String channel,
        String agent,
        String reason,
        @Nullable String summary) {}
