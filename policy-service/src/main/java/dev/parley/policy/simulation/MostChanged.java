package dev.parley.policy.simulation;

import dev.parley.policy.simulation.SimulationResponse.TenantChange;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Of any number of tenants, those that would change most. */
final class MostChanged {
    private static final Comparator<TenantChange> LESS_FIRST = Comparator.comparingLong(TenantChange::changed)
            .thenComparingLong(MostChanged::creditsChanged)
            .thenComparing(TenantChange::tenantId);

    private final int most;
    private final PriorityQueue<TenantChange> kept = new PriorityQueue<>(LESS_FIRST);
    private long counted;

    MostChanged(int most) {
        this.most = most;
    }

    private static long creditsChanged(TenantChange change) {
        return Math.abs(change.creditsAfter() - change.creditsBefore());
    }

    void add(TenantChange change) {
        counted++;
        kept.add(change);
        if (kept.size() > most) {
            kept.remove();
        }
    }

    /** How many there were. */
    long counted() {
        return counted;
    }

    List<TenantChange> mostFirst() {
        return kept.stream().sorted(LESS_FIRST.reversed()).toList();
    }
}
