package dev.parley.channel.draft;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reply that waits, or waited, for a person.
 *
 * @param original as the agent wrote it
 * @param text as it would be, or was, sent
 * @param over whether its time is over, though nobody has noted it yet
 */
record Draft(
        UUID id,
        UUID conversation,
        UUID operation,
        @Nullable UUID message,
        @Nullable Long seq,
        String agent,
        String channel,
        long epoch,
        DraftState state,
        String original,
        String text,
        int version,
        @Nullable String editedBy,
        @Nullable Instant editedAt,
        boolean sampled,
        @Nullable Integer promptVersion,
        @Nullable UUID promptVersionId,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String reason,
        @Nullable UUID supersededBy,
        Instant expiresAt,
        Instant createdAt,
        boolean over,
        @Nullable String question,
        @Nullable UUID contact,
        @Nullable String contactName) {
    boolean unchanged() {
        return text.equals(original);
    }
}
