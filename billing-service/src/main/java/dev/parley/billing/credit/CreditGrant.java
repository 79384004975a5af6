package dev.parley.billing.credit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Credits to grant.
 *
 * @param grantKey names the occasion; each is granted once per tenant, whoever repeats it
 * @param credits zero or more; zero grants nothing
 * @param expiresAt when what is unspent ends, or null for never
 * @param paid who was paid for them and how much, or null when they were free
 */
public record CreditGrant(
        CreditSource source,
        String grantKey,
        long credits,
        @Nullable Instant expiresAt,
        @Nullable String reason,
        String createdBy,
        @Nullable LotPayment paid) {

    /** Credits that nobody paid for. */
    public CreditGrant(
            CreditSource source,
            String grantKey,
            long credits,
            @Nullable Instant expiresAt,
            @Nullable String reason,
            String createdBy) {
        this(source, grantKey, credits, expiresAt, reason, createdBy, null);
    }

    /** The trial of a tenant: one per tenant, for ever. */
    public static CreditGrant trial(long credits, Instant trialEnd) {
        return new CreditGrant(CreditSource.TRIAL, "trial", credits, trialEnd, null, "billing-service");
    }

    /** One period of a subscription, named by the subscription and the period's start. */
    public static CreditGrant period(
            String subscription, Instant periodStart, long credits, Instant expiresAt, LotPayment paid) {
        return new CreditGrant(
                CreditSource.PLAN,
                subscription + ":" + periodStart.getEpochSecond(),
                credits,
                expiresAt,
                null,
                "billing-service",
                paid);
    }

    /** What an upgrade within a period adds, named by the change. */
    public static CreditGrant upgrade(UUID changeId, long credits, Instant expiresAt, LotPayment paid) {
        return new CreditGrant(
                CreditSource.PLAN, upgradeKey(changeId), credits, expiresAt, null, "billing-service", paid);
    }

    /** The occasion of what an upgrade adds. */
    public static String upgradeKey(UUID changeId) {
        return "change:" + changeId;
    }

    /** A pack that was bought, named by its checkout. */
    public static CreditGrant pack(UUID checkoutId, long credits, @Nullable Instant expiresAt, LotPayment paid) {
        return new CreditGrant(
                CreditSource.PACK, "pack:" + checkoutId, credits, expiresAt, null, "billing-service", paid);
    }

    /** What pays the debt of overage that was paid for, named by the charge. What it pays for is used: it has no refund. */
    public static CreditGrant overage(UUID chargeId, long credits, @Nullable Instant expiresAt) {
        return new CreditGrant(
                CreditSource.OVERAGE, "overage:" + chargeId, credits, expiresAt, null, "billing-service");
    }
}
