package dev.parley.channel.adapter;

import java.time.Duration;

/** What became of a send. */
public sealed interface SendOutcome {
    /** The vendor accepted the message under its own id. */
    record Sent(String providerMessageId) implements SendOutcome {}

    /**
     * The vendor certainly did not take it, and wants to be asked again, not before that time has passed.
     *
     * @param wholeAccount whether it wants nothing of the account until then, and not only not this message
     */
    record Later(Duration after, String reason, boolean wholeAccount) implements SendOutcome {
        /** This message later; others may go meanwhile. */
        public Later(Duration after, String reason) {
            this(after, reason, false);
        }

        /** Nothing of the account before that time has passed. */
        public static Later ofAccount(Duration after, String reason) {
            return new Later(after, reason, true);
        }
    }

    /** The recipient has a new address; send there. */
    record Moved(String recipient) implements SendOutcome {}

    /** The vendor refused for good. */
    record Refused(Refusal refusal, String reason) implements SendOutcome {
        /** Refused for a reason of no consequence beyond this message. */
        public Refused(String reason) {
            this(Refusal.OTHER, reason);
        }
    }

    /** Nobody knows whether the recipient got it: the answer never came. It is not sent again by itself. */
    record Ambiguous(String reason) implements SendOutcome {}

    /** What a refusal means beyond this message. */
    enum Refusal {
        /** Nothing. */
        OTHER,
        /** The recipient told the vendor that nothing more is wanted. */
        OPTED_OUT,
        /** Too long ago that the recipient wrote: only a template would be taken. */
        WINDOW_CLOSED,
        /** The vendor does not accept the account's credentials any more. */
        ACCOUNT
    }
}
