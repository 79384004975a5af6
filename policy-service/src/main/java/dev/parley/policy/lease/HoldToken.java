package dev.parley.policy.lease;

import java.time.Instant;
import java.util.UUID;

/**
 * What a hold's opaque name says of a hold in a lease; tenant and operation are signed with it.
 *
 * @param expiresAt when the hold runs out
 */
public record HoldToken(UUID decision, UUID lease, long credits, Instant expiresAt, String agent, String channel) {}
