package dev.parley.channel.adapter;

import java.time.Duration;

/** What became of a send. */
public sealed interface SendOutcome {
    /** The vendor accepted the message under its own id. */
    record Sent(String providerMessageId) implements SendOutcome {}

    /**
     * The vendor certainly did not take it, and wants to be asked again, not before that time has passed.
     *
     * @param after at most {@link #LONGEST}
     * @param scope what it does not want until then
     */
    record Later(Duration after, String reason, Scope scope) implements SendOutcome {
        /** A longer time is not believed: one absurd value of a vendor's would silence an account. */
        public static final Duration LONGEST = Duration.ofMinutes(10);

        /** Takes a time that is not believed for the longest that is. */
        public Later {
            after = after.compareTo(LONGEST) > 0 ? LONGEST : after;
        }

        /** This message later; others may go meanwhile. */
        public Later(Duration after, String reason) {
            this(after, reason, Scope.MESSAGE);
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

    /** How much a vendor wants later. */
    enum Scope {
        /** That message; others may go meanwhile. */
        MESSAGE,
        /** Whatever goes to its recipient. */
        RECIPIENT,
        /** Whatever its account sends. */
        ACCOUNT
    }

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
