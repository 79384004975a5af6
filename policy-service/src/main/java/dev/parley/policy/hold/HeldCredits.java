package dev.parley.policy.hold;

import java.time.Instant;
import java.util.UUID;

/**
 * Credits that are reserved for an operation, and where the balance stands with them.
 *
 * @param credits reserved
 */
public record HeldCredits(UUID decisionId, long credits, Instant expiresAt, long granted, long available, long held) {}
