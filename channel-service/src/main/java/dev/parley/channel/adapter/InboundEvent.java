package dev.parley.channel.adapter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a vendor told us, in the common form.
 *
 * @param id the vendor's id, unique in the account: the same id again is the same event
 * @param kind the vendor's word for it
 * @param message the customer's message, or null when nobody expects an answer
 */
public record InboundEvent(String id, String kind, @Nullable InboundMessage message) {
    /**
     * A customer's message.
     *
     * @param thread where to answer, in the vendor's terms
     * @param sender who wrote
     * @param text what was written, or a description in brackets of what was sent instead
     * @param sentAt the vendor's time
     * @param order the vendor's order within the thread
     */
    public record InboundMessage(String thread, Sender sender, String text, Instant sentAt, long order) {}

    /**
     * Who wrote.
     *
     * @param id the vendor's id
     * @param language a BCP 47 tag
     */
    public record Sender(
            String id,
            @Nullable String displayName,
            @Nullable String username,
            @Nullable String language) {}
}
