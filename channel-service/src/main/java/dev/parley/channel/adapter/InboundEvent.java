package dev.parley.channel.adapter;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One thing that a vendor told us, in the common form. */
public sealed interface InboundEvent {
    /** The vendor's id, unique in the account: the same id again is the same event. */
    String id();

    /** The vendor's word for it. */
    String kind();

    /** A customer's message, which somebody answers. */
    record Message(String id, String kind, InboundMessage message) implements InboundEvent {}

    /**
     * What became of a message that we sent.
     *
     * @param providerMessageId the id under which the vendor took it
     * @param at the vendor's time
     * @param error why it failed, in the vendor's words; null unless it did
     * @param reference our id of the send, where the vendor tells it back: it may have taken a message of which we
     *     never had its id
     */
    record Status(
            String id,
            String kind,
            String providerMessageId,
            DeliveryStatus status,
            Instant at,
            @Nullable String error,
            @Nullable UUID reference)
            implements InboundEvent {}

    /**
     * A customer changed a message.
     *
     * @param order that of the message
     * @param text what it says now
     */
    record Edit(String id, String kind, String thread, long order, String text) implements InboundEvent {}

    /** A thread has a new address: what is said there goes on with the same conversation. */
    record Move(String id, String kind, String from, String to) implements InboundEvent {}

    /** What nobody answers: it is stored and acknowledged. */
    record Other(String id, String kind) implements InboundEvent {}
}
