package dev.parley.policy.lease;

import dev.parley.platform.data.Database;
import dev.parley.platform.tenancy.TenantId;
import dev.parley.policy.bulletin.Bulletin;
import dev.parley.policy.engine.Terms;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.LongSupplier;

/** Makes the feature without a container, and opens it for tests of other packages. */
public final class LeaseParts {
    private LeaseParts() {}

    public static LeaseService service(
            Database database,
            Bulletin bulletin,
            HoldTokens tokens,
            LeaseConfig config,
            LongSupplier nanoTime,
            MeterRegistry metrics) {
        return new LeaseService(
                database, new LeaseRepository(), bulletin, tokens, config, Clock.systemUTC(), nanoTime, metrics);
    }

    public static boolean grow(LeaseService leases, TenantId tenant, Terms terms, long largest) {
        return leases.grow(tenant, terms, largest);
    }

    /** Renews and gives back, one after the other. */
    public static void renew(LeaseService leases) {
        leases.renew(Runnable::run);
    }

    /** As the schedule does it. */
    public static void renewAndGiveBackSoon(LeaseService leases) {
        new LeaseUpkeep(leases).renew();
    }

    public static void reclaim(LeaseService leases) {
        leases.reclaim();
    }

    /** What a replica could still give or has to get back of each lease of the tenant: free, and held by those operations. */
    public static Map<UUID, Kept> kept(LeaseService leases, TenantId tenant) {
        Map<UUID, Kept> kept = new TreeMap<>();
        for (Lease lease : leases.leasesOf(tenant)) {
            Map<UUID, LeasedHold> holds = new TreeMap<>();
            lease.holds().forEach(hold -> holds.put(hold.operation(), hold));
            kept.put(lease.id(), new Kept(lease.free(), lease.isAlive(), holds));
        }
        return kept;
    }

    public record Kept(long free, boolean alive, Map<UUID, LeasedHold> holds) {}
}
