package dev.parley.policy.engine;

/** Why a decision is what it is; each denial is documented under docs/problems. */
public enum ReasonCode {
    /** The operation may run. */
    ALLOWED(200),
    /** A platform admin suspended the tenant. */
    TENANT_SUSPENDED(403),
    /** There is no subscription, it was never paid for, or it ended. */
    SUBSCRIPTION_INACTIVE(403),
    /** The subscription is suspended because a payment failed for too long. */
    SUBSCRIPTION_SUSPENDED(402),
    /** A rule of the platform denies it. */
    DENIED_BY_RULE(403),
    /** The plan does not include the agent. */
    AGENT_NOT_IN_PLAN(403),
    /** The plan does not include the channel. */
    CHANNEL_NOT_IN_PLAN(403),
    /** The plan does not switch the feature on. */
    FEATURE_NOT_IN_PLAN(403),
    /** The person who would be written to asked to be sent nothing more. */
    CONTACT_OPTED_OUT(403),
    /** Nobody knows what a meter costs. */
    METER_UNPRICED(403),
    /** A quota is used up or held. */
    QUOTA_EXCEEDED(402),
    /** The credits are used up or held. */
    CREDITS_EXHAUSTED(402);

    private final int status;

    ReasonCode(int status) {
        this.status = status;
    }

    /** The HTTP status that a client gets for this reason. */
    public int status() {
        return status;
    }
}
