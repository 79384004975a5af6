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
        /** The model said nothing that could be used; another one may. */
        UNUSABLE,
        /** The provider was not asked, because it has failed too often of late. */
        RESTING
    }

    /** What a failure tells about the provider, whoever's fault it is. */
    public enum Health {
        /** It does not serve anybody. */
        ILL,
        /** It works. */
        WELL,
        /** Nothing. */
        UNKNOWN
    }

    private final Reason reason;
    private final Duration retryAfter;
    private final Health health;

    public LlmFailure(Reason reason, String message) {
        this(reason, message, (Throwable) null);
    }

    public LlmFailure(Reason reason, String message, Throwable cause) {
        this(reason, message, cause, usually(reason));
    }

    /** A failure that tells something else about the provider than its reason usually does. */
    public LlmFailure(Reason reason, String message, Throwable cause, Health health) {
        super(message, cause);
        this.reason = reason;
        this.retryAfter = null;
        this.health = health;
    }

    /** A refusal of the provider, after which it may make sense to come back in a while. */
    public LlmFailure(Reason reason, String message, Duration retryAfter) {
        super(message);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.health = reason == Reason.FAILED ? Health.ILL : usually(reason);
    }

    /** What a caller can bring about with its request alone tells nothing about the provider. */
    private static Health usually(Reason reason) {
        return switch (reason) {
            case UNREACHABLE, BUSY, UNAUTHORIZED -> Health.ILL;
            case REJECTED, UNUSABLE -> Health.WELL;
            case FAILED, TIMEOUT, RESTING -> Health.UNKNOWN;
        };
    }

    /** Why there is no reply. */
    public Reason reason() {
        return reason;
    }

    /** What it tells about the provider. */
    public Health health() {
        return health;
    }

    /** When it makes sense to ask again, or null when nobody knows. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
