package dev.parley.channel.webhookdelivery;

import dev.parley.platform.tenancy.TenantId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** So many endpoints can be served at a time, and of one tenant a quarter of these. */
final class Places {
    private static final int SHARES = 4;

    private final int most;
    private final ConcurrentMap<TenantId, Integer> taken = new ConcurrentHashMap<>();

    Places(int most) {
        this.most = most;
    }

    void take(TenantId tenant) {
        taken.merge(tenant, 1, Integer::sum);
    }

    void leave(TenantId tenant) {
        taken.computeIfPresent(tenant, (ignored, places) -> places == 1 ? null : places - 1);
    }

    int taken() {
        return taken.values().stream().mapToInt(Integer::intValue).sum();
    }

    int free() {
        return most - taken();
    }

    /** Whether others may be waiting for a place. */
    boolean crowded() {
        return free() <= 0;
    }

    /** The tenants that have their share. */
    List<TenantId> full() {
        return taken.entrySet().stream()
                .filter(tenant -> tenant.getValue() >= Math.max(1, most / SHARES))
                .map(Map.Entry::getKey)
                .toList();
    }
}
