package dev.parley.policy.engine;

import java.util.Map;

/**
 * Where a tenant's credits and quotas stand at one moment.
 *
 * @param granted credits of all open lots, as granted
 * @param available credits not spent yet; below zero by overage only
 * @param held credits reserved by operations that run
 * @param counters by meter, for meters with a quota
 */
public record Standing(long granted, long available, long held, Map<String, Counter> counters) {
    /** Nothing granted, nothing used. */
    public static final Standing EMPTY = new Standing(0, 0, 0, Map.of());

    /** How much of a meter was used in this period, and how much running operations hold. */
    public record Counter(long used, long held) {
        private static final Counter ZERO = new Counter(0, 0);
    }

    /** Credits spent; more than granted when there is overage. */
    public long used() {
        return granted - available;
    }

    /** Credits that a new operation can have without overage; never negative. */
    public long remaining() {
        return Math.max(0, available - held);
    }

    /** Credits spent beyond those granted. */
    public long overage() {
        return Math.max(0, -available);
    }

    Counter counter(String meter) {
        return counters.getOrDefault(meter, Counter.ZERO);
    }
}
