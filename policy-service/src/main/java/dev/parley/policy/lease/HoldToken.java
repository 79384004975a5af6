package dev.parley.policy.lease;

import java.time.Instant;
import java.util.UUID;

/**
 * What a hold's opaque name says of a hold in a lease; tenant and operation are signed with it.
 *
 * @param expiresAt when the hold runs out
 */
public record HoldToken(UUID decision, UUID lease, long credits, Instant expiresAt, String agent, String channel) {
    private static final UUID UNKNOWN = new UUID(0, 0);

    /** Of a hold that nobody remembers: it names no decision, no lease and no credits. */
    public static HoldToken forgotten(Instant expiresAt, String agent, String channel) {
        return new HoldToken(UNKNOWN, UNKNOWN, 0, expiresAt, agent, channel);
    }
}
