package dev.parley.policy.hold;

import dev.parley.policy.engine.Standing;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The balance of a tenant while its account is locked, and the arithmetic of what ends a hold. Pure. */
final class Tally {
    private final Instant at;
    private final long granted;
    private final @Nullable Instant periodStart;
    private final Map<String, Standing.Counter> counters;
    private final Map<UUID, Part> leases;
    private final Set<UUID> touched = new java.util.LinkedHashSet<>();
    private final boolean recallable;
    private long available;
    private long held;
    private long leased;
    private long drawn;
    private int warned;
    private boolean counted;

    /** Of a tenant without an account; a shared one would be written to. */
    static Tally none() {
        return new Tally(Instant.EPOCH, 0, 0, 0, 0, 0, 0, null, Map.of(), Map.of());
    }

    /** As the rows say. */
    Tally(
            Instant at,
            long granted,
            long available,
            long held,
            long leased,
            long drawn,
            int warned,
            @Nullable Instant periodStart,
            Map<String, Standing.Counter> counters,
            Map<UUID, Part> leases) {
        this.at = at;
        this.granted = granted;
        this.available = available;
        this.held = held;
        this.leased = leased;
        this.drawn = drawn;
        this.warned = warned;
        this.periodStart = periodStart;
        this.counters = new HashMap<>(counters);
        this.leases = new LinkedHashMap<>(leases);
        this.recallable = leases.values().stream().anyMatch(Part::recallable);
    }

    /**
     * A lease of the tenant.
     *
     * @param credits of {@code leased}
     * @param served of these, what operations hold
     * @param recallable whether its replica may still have some set aside for nobody
     */
    record Part(long credits, long served, boolean recallable) {}

    /**
     * What an operation that ends had set aside.
     *
     * @param lease where the credits stand; null when they stand in {@code held}
     * @param claims units of quotas that it reserved
     */
    record Backing(
            long credits,
            @Nullable UUID lease,
            Map<String, Long> claims,
            @Nullable Instant claimedIn) {
        static final Backing NONE = new Backing(0, null, Map.of(), null);
    }

    /** What a hold of that many credits in that lease still has there; nothing when the lease is gone. */
    Backing inLease(@Nullable UUID lease, long credits) {
        Part part = lease == null ? null : leases.get(lease);
        return part == null ? Backing.NONE : new Backing(Math.min(credits, part.credits()), lease, Map.of(), null);
    }

    /** Takes a price, but never more than the operation's own credits plus what nothing else needs; returns what was taken. */
    long charge(long price, Backing own, long cap, Map<String, Long> used) {
        long charged = affordable(price, own, cap);
        free(own);
        available -= charged;
        drawn += charged;
        warned = Math.max(warned, reachedPercent());
        used.forEach((meter, units) -> count(meter, units, 0));
        return charged;
    }

    /** Whether a price cannot be paid in full although a replica may have the credits set aside for nobody. */
    boolean isShortOf(long price, Backing own, long cap) {
        return recallable && affordable(price, own, cap) < price;
    }

    private long affordable(long price, Backing own, long cap) {
        return Math.min(price, Math.max(0, available - held - leased + own.credits() + cap));
    }

    /** Gives back what an operation had set aside. */
    void free(Backing own) {
        if (own.lease() == null) {
            held -= own.credits();
        } else {
            Part part = leases.get(own.lease());
            leased -= own.credits();
            leases.put(
                    own.lease(),
                    new Part(
                            part.credits() - own.credits(),
                            Math.max(0, part.served() - own.credits()),
                            part.recallable()));
            touched.add(own.lease());
        }
        if (Objects.equals(periodStart, own.claimedIn())) {
            own.claims().forEach((meter, units) -> count(meter, 0, -units));
        }
    }

    /** Makes of credits held in a lease a hold like any other. */
    void settleDown(Backing own) {
        free(own);
        held += own.credits();
    }

    private void count(String meter, long used, long reserved) {
        Standing.Counter before = counters.getOrDefault(meter, new Standing.Counter(0, 0));
        counters.put(
                meter, new Standing.Counter(Math.max(0, before.used() + used), Math.max(0, before.held() + reserved)));
        counted = true;
    }

    private int reachedPercent() {
        if (granted <= 0) {
            return 0;
        }
        return available <= 0 ? 100 : Math.multiplyHigh(available, 5) == 0 && available * 5 <= granted ? 80 : 0;
    }

    /** When the account was locked, by the database's clock. */
    Instant at() {
        return at;
    }

    long granted() {
        return granted;
    }

    long available() {
        return available;
    }

    long held() {
        return held;
    }

    long leased() {
        return leased;
    }

    long drawn() {
        return drawn;
    }

    int warned() {
        return warned;
    }

    /** What operations hold, whether as a row or in a lease. */
    long inUse() {
        return held
                + leases.values().stream()
                        .mapToLong(part -> Math.min(part.served(), part.credits()))
                        .sum();
    }

    /** What a new operation can have; never negative. */
    long remaining() {
        return Math.max(0, available - inUse());
    }

    /** The counters of quotas, if they changed. */
    @Nullable
    Map<String, Standing.Counter> changedCounters() {
        return counted ? counters : null;
    }

    /** The leases from which something was taken. */
    Map<UUID, Part> changedLeases() {
        Map<UUID, Part> changed = new LinkedHashMap<>();
        touched.forEach(lease -> changed.put(lease, leases.get(lease)));
        return changed;
    }
}
