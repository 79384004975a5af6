package dev.parley.channel.draft;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A draft as people see it.
 *
 * @param id also of the message that it becomes when it is approved
 * @param question what the customer wrote
 * @param text as it is sent when it is approved
 * @param original as the agent wrote it, once it was changed
 * @param version rises with every edit
 * @param sampled whether it was drawn while the agent was on autopilot
 * @param reason of a rejection or an end
 * @param supersededBy the operation whose answer took its place
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DraftResponse(
        UUID id,
        DraftState state,
        String agent,
        String channel,
        UUID conversationId,
        UUID operationId,
        @Nullable UUID contactId,
        @Nullable String contactName,
        @Nullable String question,
        String text,
        @Nullable String original,
        int version,
        boolean sampled,
        @Nullable Integer promptVersion,
        @Nullable UUID promptVersionId,
        @Nullable String editedBy,
        @Nullable Instant editedAt,
        @Nullable String decidedBy,
        @Nullable Instant decidedAt,
        @Nullable String reason,
        @Nullable UUID supersededBy,
        Instant createdAt,
        Instant expiresAt) {
    static DraftResponse of(Draft draft) {
        return new DraftResponse(
                draft.id(),
                draft.state(),
                draft.agent(),
                draft.channel(),
                draft.conversation(),
                draft.operation(),
                draft.contact(),
                draft.contactName(),
                draft.question(),
                draft.text(),
                draft.editedAt() == null ? null : draft.original(),
                draft.version(),
                draft.sampled(),
                draft.promptVersion(),
                draft.promptVersionId(),
                draft.editedBy(),
                draft.editedAt(),
                draft.decidedBy(),
                draft.decidedAt(),
                draft.reason(),
                draft.supersededBy(),
                draft.createdAt(),
                draft.expiresAt());
    }
}
