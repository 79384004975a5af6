package dev.parley.channel.adapter;

import java.time.Duration;

/** What became of a send. */
public sealed interface SendOutcome {
    /** The vendor accepted the message under its own id. */
    record Sent(String providerMessageId) implements SendOutcome {}

    /** The vendor certainly did not take it, and wants to be asked again, not before that time has passed. */
    record Later(Duration after, String reason) implements SendOutcome {}

    /** The recipient has a new address; send there. */
    record Moved(String recipient) implements SendOutcome {}

    /** The vendor refused for good. */
    record Refused(String reason) implements SendOutcome {}

    /** Nobody knows whether the recipient got it: the answer never came. It is not sent again by itself. */
    record Ambiguous(String reason) implements SendOutcome {}
}
