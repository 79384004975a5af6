package dev.parley.local;

import java.util.List;

/** The stack could not start or stop; the message names the part and the reason, and is meant for people. */
public final class StackFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> logTail;

    StackFailure(String message) {
        this(message, List.of(), null);
    }

    StackFailure(String message, Throwable cause) {
        this(message, List.of(), cause);
    }

    StackFailure(String message, List<String> logTail, Throwable cause) {
        super(message, cause);
        this.logTail = logTail;
    }

    /** The last lines of the log of the part at fault; empty when it never ran. */
    public List<String> logTail() {
        return logTail == null ? List.of() : logTail;
    }
}
