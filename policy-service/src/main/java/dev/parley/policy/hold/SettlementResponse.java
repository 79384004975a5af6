package dev.parley.policy.hold;

import java.util.List;
import java.util.UUID;

/**
 * What an operation was charged.
 *
 * @param credits taken from the balance: the sum of the lines
 * @param remaining credits that a new operation can have now
 */
public record SettlementResponse(long credits, long remaining, List<Line> lines) {
    /** What one meter cost; {@code usage_id} is the same for ever for that meter of that operation. */
    public record Line(UUID usageId, String meter, long quantity, long credits) {}
}
