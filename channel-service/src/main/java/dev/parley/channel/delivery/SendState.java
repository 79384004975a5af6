package dev.parley.channel.delivery;

import dev.parley.channel.adapter.SendOutcome;
import java.time.Duration;

/** The states of a send, and the only ways between them. */
enum SendState {
    /** Waits for its turn. */
    PENDING,
    /** May not be sent now; waits for the customer to write again. */
    HELD,
    /** Somebody is sending it, until the lease ends. */
    SENDING,
    /** The vendor took it. */
    SENT,
    /** The vendor refused it, or refused too often. */
    FAILED,
    /** Nobody knows; people decide, it is never sent again by itself. */
    AMBIGUOUS,
    /** It was never sent and never will be: somebody else speaks, or the recipient wants to hear nothing more. */
    CANCELLED;

    private static final int MOST_MOVES = 8;
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /**
     * Where a send goes after an outcome of its n-th attempt, counted from 1.
     *
     * @param hasTime whether it is young enough to be tried again
     */
    static SendState after(SendOutcome outcome, int attempt, boolean hasTime) {
        return switch (outcome) {
            case SendOutcome.Sent sent -> SENT;
            case SendOutcome.Refused refused ->
                switch (refused.refusal()) {
                    case WINDOW_CLOSED -> HELD;
                    // Somebody may give the channel credentials that are good again.
                    case ACCOUNT -> hasTime ? PENDING : FAILED;
                    case OTHER, OPTED_OUT -> FAILED;
                };
            case SendOutcome.Ambiguous ambiguous -> AMBIGUOUS;
            case SendOutcome.Later later -> hasTime ? PENDING : FAILED;
            case SendOutcome.Moved moved -> attempt < MOST_MOVES ? PENDING : FAILED;
        };
    }

    /**
     * How long a send that goes back to waiting has to wait: as told, and longer each time, unless it is the account or
     * the recipient that rests: then the vendor said how long, and nothing of it is the send's doing.
     */
    static Duration pause(SendOutcome outcome, int attempt) {
        if (outcome instanceof SendOutcome.Refused) {
            return LONGEST_PAUSE;
        }
        if (!(outcome instanceof SendOutcome.Later later)) {
            return Duration.ZERO;
        }
        if (later.scope() != SendOutcome.Scope.MESSAGE) {
            return later.after();
        }
        Duration grown = later.after().multipliedBy(1L << Math.min(attempt - 1, 6));
        Duration longest = later.after().compareTo(LONGEST_PAUSE) > 0 ? later.after() : LONGEST_PAUSE;
        return grown.compareTo(longest) > 0 ? longest : grown;
    }

    boolean ended() {
        return this == SENT || this == FAILED || this == AMBIGUOUS || this == CANCELLED;
    }
}
