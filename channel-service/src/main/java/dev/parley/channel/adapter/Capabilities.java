package dev.parley.channel.adapter;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a channel can do.
 *
 * @param streaming whether a reply can be shown while it is being written
 * @param images whether customers can send pictures to the agent
 * @param longestText the most UTF-16 units that one sent message may hold
 * @param replyWindow how long after the customer's last message anything but a template may be sent; null for ever
 * @param templates whether messages that the vendor approved beforehand can be sent
 * @param receipts whether the vendor tells that a message was delivered or read
 * @param buttons which answers to choose from a message can offer as buttons
 * @param outboundMedia whether pictures, voice and documents can be sent
 */
public record Capabilities(
        boolean streaming,
        boolean images,
        int longestText,
        @Nullable Duration replyWindow,
        boolean templates,
        boolean receipts,
        ButtonRules buttons,
        boolean outboundMedia) {
    /** A channel whose replies are answers to requests: nothing is sent, and nothing limits them. */
    public static Capabilities ofAnswers(boolean streaming, boolean images) {
        return new Capabilities(streaming, images, Integer.MAX_VALUE, null, false, false, ButtonRules.NONE, false);
    }

    /**
     * Whether the channel takes that part now.
     *
     * @param lastInbound when the customer wrote last, by the vendor's clock; null when never
     */
    public boolean takes(OutboundPart part, @Nullable Instant lastInbound, Instant now) {
        return replyWindow == null
                || part instanceof OutboundPart.Template
                || (lastInbound != null && now.isBefore(lastInbound.plus(replyWindow)));
    }
}
