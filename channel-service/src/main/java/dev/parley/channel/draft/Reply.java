package dev.parley.channel.draft;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an agent wants to say on a messenger.
 *
 * @param id of the message that it becomes when it is sent
 * @param message what it answers; null if the agent began by itself
 * @param seq the turn that it answers
 * @param epoch the conversation's in which it was begun
 */
public record Reply(
        UUID id,
        UUID conversation,
        UUID operation,
        @Nullable UUID message,
        @Nullable Long seq,
        String agent,
        String channel,
        long epoch,
        String text,
        @Nullable Integer promptVersion,
        @Nullable UUID promptVersionId,
        @Nullable String finishReason) {}
