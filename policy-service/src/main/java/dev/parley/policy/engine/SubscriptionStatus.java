package dev.parley.policy.engine;

/** Where a subscription stands, as billing says. */
public enum SubscriptionStatus {
    /** In the trial period. */
    TRIAL,
    /** Waiting for its first payment. */
    PENDING,
    /** Paid. */
    ACTIVE,
    /** A payment failed; in the period of grace. */
    PAST_DUE,
    /** The grace is over: read only. */
    SUSPENDED,
    /** Over. */
    ENDED;

    /** Whether operations may run. */
    public boolean usable() {
        return this == TRIAL || this == ACTIVE || this == PAST_DUE;
    }
}
