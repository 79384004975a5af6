package dev.parley.channel.adapter;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A customer's message.
 *
 * @param thread what belongs together, in the vendor's terms
 * @param recipient where to answer and as what, in the adapter's terms; the latest of a thread counts
 * @param alone whether the thread is with its sender alone: of a group, one speaks for oneself
 * @param sender who wrote
 * @param subject what stands above the text, where the channel has such; null without one
 * @param text what was written; before it, in brackets, a mark of what was sent beside it or instead
 * @param sentAt the vendor's time
 * @param order the vendor's order within the thread
 * @param media what came with it, to be fetched from the vendor
 * @param files what came with it in the same call
 * @param buttonPayload the payload of the button that was pressed; null when it was written
 */
public record InboundMessage(
        String thread,
        String recipient,
        boolean alone,
        Sender sender,
        @Nullable String subject,
        String text,
        Instant sentAt,
        long order,
        List<MediaReference> media,
        List<MediaContent> files,
        @Nullable String buttonPayload) {
    /** A message that is answered where it was written; a thread that has its sender's name is theirs alone. */
    public InboundMessage(
            String thread,
            Sender sender,
            String text,
            Instant sentAt,
            long order,
            List<MediaReference> media,
            @Nullable String buttonPayload) {
        this(
                thread,
                thread,
                thread.equals(sender.id()),
                sender,
                null,
                text,
                sentAt,
                order,
                media,
                List.of(),
                buttonPayload);
    }

    /** All that was written. */
    public String written() {
        return subject == null ? text : subject + "\n\n" + text;
    }
}
