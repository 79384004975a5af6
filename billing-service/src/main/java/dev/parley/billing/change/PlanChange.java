package dev.parley.billing.change;

import dev.parley.billing.payment.PlanReference;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The intent to change a paid subscription's plan.
 *
 * @param baseCredits the most that a plan of the running period has granted
 * @param charged what the provider charged for it, once that is known
 * @param at from when on the rest of the period counts, a whole second
 */
public record PlanChange(
        UUID id,
        PlanChangeStatus status,
        boolean now,
        String provider,
        String providerSubscriptionId,
        PlanReference from,
        PlanReference to,
        long baseCredits,
        Instant at,
        Instant periodStart,
        Instant periodEnd,
        @Nullable Long charged) {}
