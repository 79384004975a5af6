package dev.parley.channel.adapter;

import java.time.Duration;

/** What became of a notice. */
public sealed interface PushOutcome {
    /** The vendor took it. */
    record Sent() implements PushOutcome {}

    /** There is no such app on that device any more: nothing is to be sent there again. */
    record Gone(String reason) implements PushOutcome {}

    /**
     * The vendor certainly did not take it, and wants to be asked again.
     *
     * @param account whether nothing else of the account would be taken before that
     */
    record Later(Duration after, boolean account, String reason) implements PushOutcome {}

    /**
     * The vendor refused for good.
     *
     * @param account whether the account is at fault, and people have to see to it
     */
    record Refused(boolean account, String reason) implements PushOutcome {}

    /** It may have been taken, and is not to be sent again: a notice that is shown twice is worse than none. */
    record Unknown(String reason) implements PushOutcome {}
}
