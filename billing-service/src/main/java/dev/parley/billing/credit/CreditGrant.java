package dev.parley.billing.credit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Credits to grant.
 *
 * @param grantKey names the occasion; each is granted once per tenant, whoever repeats it
 * @param credits zero or more; zero grants nothing
 * @param expiresAt when what is unspent ends, or null for never
 */
public record CreditGrant(
        CreditSource source,
        String grantKey,
        long credits,
        @Nullable Instant expiresAt,
        @Nullable String reason,
        String createdBy) {

    /** The trial of a tenant: one per tenant, for ever. */
    public static CreditGrant trial(long credits, Instant trialEnd) {
        return new CreditGrant(CreditSource.TRIAL, "trial", credits, trialEnd, null, "billing-service");
    }

    /** One period of a subscription, named by the subscription and the period's start. */
    public static CreditGrant period(String subscription, Instant periodStart, long credits, Instant expiresAt) {
        return new CreditGrant(
                CreditSource.PLAN,
                subscription + ":" + periodStart.getEpochSecond(),
                credits,
                expiresAt,
                null,
                "billing-service");
    }
}
