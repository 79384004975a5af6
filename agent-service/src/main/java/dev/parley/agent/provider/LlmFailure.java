package dev.parley.agent.provider;

/** A provider call that gave no complete reply. The message is fit to show to a tenant: no address, no key, no body. */
public final class LlmFailure extends RuntimeException {
    /** Why there is no reply. */
    public enum Reason {
        /** The provider answered with an error, something unreadable, or broke off. */
        FAILED,
        /** The provider did not answer within its deadline. */
        TIMEOUT,
        /** The provider could not be reached. */
        UNREACHABLE
    }

    private final Reason reason;

    public LlmFailure(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public LlmFailure(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** Why there is no reply. */
    public Reason reason() {
        return reason;
    }
}
