package dev.parley.agent.provider;

import java.time.Duration;

/** A provider call that gave no complete reply. The message is fit to show to a tenant: no address, no key, no body. */
public final class LlmFailure extends RuntimeException {
    /** Why there is no reply. */
    public enum Reason {
        /** The provider answered with an error, something unreadable, or broke off. */
        FAILED,
        /** The provider did not answer within its deadline. */
        TIMEOUT,
        /** The provider could not be reached. */
        UNREACHABLE,
        /** The provider has too much to do, or our allowance is used up. */
        BUSY,
        /** The provider does not take our key. */
        UNAUTHORIZED,
        /** The provider says that the request itself is wrong: asking again or elsewhere does not help. */
        REJECTED,
        /** The provider was not asked, because it has failed too often of late. */
        RESTING;

        /** Whether it tells something about the provider's health. */
        public boolean isProvidersFault() {
            return this != REJECTED && this != RESTING;
        }
    }

    private final Reason reason;
    private final Duration retryAfter;

    public LlmFailure(Reason reason, String message) {
        this(reason, message, (Throwable) null);
    }

    public LlmFailure(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = null;
    }

    /** A failure after which it makes sense to come back in a while. */
    public LlmFailure(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** Why there is no reply. */
    public Reason reason() {
        return reason;
    }

    /** When it makes sense to ask again, or null when nobody knows. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
