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
     * @param refusal what the failure means beyond the message; OTHER unless it failed
     */
    record Status(
            String id,
            String kind,
            String providerMessageId,
            DeliveryStatus status,
            Instant at,
            @Nullable String error,
            @Nullable UUID reference,
            SendOutcome.Refusal refusal)
            implements InboundEvent {
        /** A status that says nothing beyond its message. */
        public Status(
                String id,
                String kind,
                String providerMessageId,
                DeliveryStatus status,
                Instant at,
                @Nullable String error,
                @Nullable UUID reference) {
            this(id, kind, providerMessageId, status, at, error, reference, SendOutcome.Refusal.OTHER);
        }
    }

    /**
     * A customer changed a message.
     *
     * @param order that of the message
     * @param text what it says now
     */
    record Edit(String id, String kind, String thread, long order, String text) implements InboundEvent {}

    /** A thread has a new address: what is said there goes on with the same conversation. */
    record Move(String id, String kind, String from, String to) implements InboundEvent {}

    /**
     * What nobody answers: it is stored and acknowledged.
     *
     * @param raw it alone, as the vendor wrote it
     */
    record Other(String id, String kind, String raw) implements InboundEvent {}

    /**
     * What is addressed to another account: some vendors call one address for all accounts of a customer. It goes to
     * that account if the same tenant has connected it and its secret signed the call, else it is stored as it is.
     *
     * @param account the vendor's id of that account
     * @param raw it alone, as the vendor wrote it
     */
    record Elsewhere(String id, String kind, String account, String raw) implements InboundEvent {}
}
