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
 * @param epoch the conversation's: in another one the answer is neither stored nor sent
 * @param burst what else it answers; null where nothing is sent and nobody writes in pieces
 * @param queued whether nobody waits for the answer: a failure for want of another service or the model is tried again
 *     later instead of told to a client
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
        long epoch,
        boolean queued,
        Instant startedAt,
        @Nullable Burst burst) {
    /**
     * How many tokens the context is expected to have.
     *
     * @param kept those of {@link #keptPictures()}; what is not there any more is missing
     */
    public long expectedTokens(Map<UUID, Long> kept) {
        return History.estimate(prompt, kept);
    }

    /** The same turn, of which somebody waits for the answer. */
    public Turn awaited() {
        return with(prompt, false);
    }

    /** The same turn, whose message has these parts beside its text. */
    public Turn showing(List<Object> parts) {
        return parts.isEmpty() ? this : saying(Images.content(said(), parts));
    }

    /** The same turn, whose message has these texts with it. */
    public Turn bringing(List<String> texts) {
        return texts.isEmpty() ? this : saying(said() + "\n\n" + String.join("\n\n", texts));
    }

    /** What of the message is kept here: agents are given it, and cannot fetch it. */
    public List<UUID> keptPictures() {
        return Images.kept(prompt.getLast().content());
    }

    /** The same turn with that: bytes as data addresses, texts as they are. */
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
        return with(changed, queued);
    }

    private Turn with(List<PromptMessage> changed, boolean waits) {
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
                epoch,
                waits,
                startedAt,
                burst);
    }
}
