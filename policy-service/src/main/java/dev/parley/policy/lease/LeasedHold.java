package dev.parley.policy.lease;

import dev.parley.platform.tenancy.TenantId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Credits that an operation holds in a lease of this replica; there is no row of it until it ends.
 *
 * @param endsAtNanos when it runs out, by this process' monotonic clock
 * @param token names the hold to any replica
 */
public record LeasedHold(
        TenantId tenant,
        UUID operation,
        UUID decision,
        UUID lease,
        long credits,
        String agent,
        String channel,
        @Nullable String userId,
        @Nullable String conversationId,
        Instant expiresAt,
        long endsAtNanos,
        String token) {

    /** What the token says. */
    public HoldToken named() {
        return new HoldToken(decision, lease, credits, expiresAt, agent, channel);
    }
}
