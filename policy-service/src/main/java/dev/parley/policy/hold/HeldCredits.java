package dev.parley.policy.hold;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import java.util.UUID;

/**
 * Credits that are reserved for an operation.
 *
 * @param credits reserved
 * @param standing where credits and claimed quotas stand with them
 */
public record HeldCredits(UUID decisionId, long credits, Instant expiresAt, Standing standing) {}
