package dev.parley.policy.entitlement;

/**
 * What policy knows of a tenant's subscription.
 *
 * @param version billing's version of the subscription
 * @param remaining credits that an operation can have now
 */
public record EntitlementResponse(
        String plan, int planVersion, String subscriptionStatus, long version, long remaining) {}
