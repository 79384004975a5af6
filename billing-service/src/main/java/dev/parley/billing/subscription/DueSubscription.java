package dev.parley.billing.subscription;

import dev.parley.platform.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that has to be looked at.
 *
 * @param provider whom to ask, or null when nobody but us keeps it
 * @param atPeriodEnd of one that is replaced: whether it ends with its period, not at once
 */
public record DueSubscription(
        TenantId tenant,
        @Nullable String provider,
        @Nullable String providerSubscriptionId,
        boolean atPeriodEnd) {}
