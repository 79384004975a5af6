package dev.parley.billing.subscription;

import dev.parley.platform.tenancy.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A subscription that has to be looked at.
 *
 * @param provider whom to ask, or null when nobody but us keeps it
 */
public record DueSubscription(
        TenantId tenant,
        @Nullable String provider,
        @Nullable String providerSubscriptionId) {}
