package dev.parley.channel.turn;

import dev.parley.channel.outbound.PromptMessage;
import dev.parley.channel.outbound.RunParameters;
import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A stored message that has to be answered, with all that this needs.
 *
 * @param message what came in
 * @param seq the turn's number in its conversation
 * @param userId the person who asked, or null for a program or an end customer
 * @param prompt the context, oldest first, ending in the message
 * @param burst what else it answers; null where nothing is sent and nobody writes in pieces
 * @param queued whether a failure for want of another service is tried again later instead of told to a client
 */
public record Turn(
        TenantId tenant,
        UUID operationId,
        UUID conversationId,
        MessageView message,
        long seq,
        String agent,
        String channel,
        @Nullable String userId,
        String createdBy,
        List<PromptMessage> prompt,
        @Nullable RunParameters parameters,
        boolean queued,
        Instant startedAt,
        @Nullable Burst burst) {
    /** How many tokens the context is expected to have. */
    public long expectedTokens() {
        return History.estimate(prompt);
    }

    /** The same turn, whose message shows these pictures. */
    public Turn showing(List<String> pictures) {
        return pictures.isEmpty() ? this : saying(Images.content(said(), pictures));
    }

    /** The same turn, whose message has these texts with it. */
    public Turn bringing(List<String> texts) {
        return texts.isEmpty() ? this : saying(said() + "\n\n" + String.join("\n\n", texts));
    }

    /** The pictures of the message that are kept here: agents are shown them, and cannot fetch them. */
    public List<UUID> keptPictures() {
        return Images.kept(prompt.getLast().content());
    }

    /** The same turn with the bytes of those pictures, as data addresses. */
    public Turn resolving(Map<UUID, String> pictures) {
        return saying(Images.resolved(
                prompt.getLast().content(),
                address -> pictures.get(UUID.fromString(address.substring(Images.KEPT.length())))));
    }

    private String said() {
        return String.valueOf(prompt.getLast().content());
    }

    private Turn saying(Object content) {
        List<PromptMessage> changed = new ArrayList<>(prompt);
        changed.add(new PromptMessage(changed.removeLast().role(), content));
        return new Turn(
                tenant,
                operationId,
                conversationId,
                message,
                seq,
                agent,
                channel,
                userId,
                createdBy,
                changed,
                parameters,
                queued,
                startedAt,
                burst);
    }
}
