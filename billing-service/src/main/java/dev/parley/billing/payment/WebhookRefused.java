package dev.parley.billing.payment;

import java.util.Locale;

/** A webhook that is not proven to come from the provider, now. */
public final class WebhookRefused extends RuntimeException {
    private final Reason reason;

    /** Why a webhook is refused; counted, never told to the sender. */
    public enum Reason {
        /** No signature, or one that does not match. */
        BAD_SIGNATURE,
        /** Signed too long ago: it may be replayed. */
        STALE,
        /** Signed in the future. */
        FUTURE,
        /** Signed well, but not an event that can be read. */
        UNREADABLE;

        /** The value of the metric's tag. */
        public String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A refusal for that reason. */
    public WebhookRefused(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    /** Why it was refused. */
    public Reason reason() {
        return reason;
    }
}
