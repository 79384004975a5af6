package dev.parley.policy.lease;

import dev.parley.platform.tenancy.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What this replica has of one tenant: the lease that it serves from, those that only wait for their holds, and how busy it is. */
final class Desk {
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(250);

    /** The leases of one moment; the first that is open serves. */
    private record Leases(List<Lease> all) {}

    private final TenantId tenant;
    private final AtomicReference<Leases> leases = new AtomicReference<>(new Leases(List.of()));
    private final AtomicInteger generation = new AtomicInteger();
    private final AtomicBoolean growing = new AtomicBoolean();
    private final AtomicLong windowStart = new AtomicLong(Long.MIN_VALUE / 2);
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicLong credits = new AtomicLong();
    private volatile long creditsBefore;
    private volatile long growAgainAt = Long.MIN_VALUE / 2;

    Desk(TenantId tenant) {
        this.tenant = tenant;
    }

    TenantId tenant() {
        return tenant;
    }

    /** Counts a hold and returns how many there were in this second. */
    int count(long amount, long now) {
        long start = windowStart.get();
        if (now - start >= WINDOW && windowStart.compareAndSet(start, now)) {
            creditsBefore = now - start < 2 * WINDOW ? credits.get() : 0;
            credits.set(0);
            held.set(0);
        }
        credits.addAndGet(amount);
        return held.incrementAndGet();
    }

    /** The credits that operations took lately: of this second and the one before. */
    long spentLately() {
        return creditsBefore + credits.get();
    }

    @Nullable
    Lease serving(long now) {
        for (Lease lease : leases.get().all()) {
            if (lease.isServing(now)) {
                return lease;
            }
        }
        return null;
    }

    @Nullable
    Lease open() {
        for (Lease lease : leases.get().all()) {
            if (lease.isOpen()) {
                return lease;
            }
        }
        return null;
    }

    List<Lease> leases() {
        return leases.get().all();
    }

    Optional<Lease.Served> find(UUID operation) {
        for (Lease lease : leases.get().all()) {
            Optional<Lease.Served> found = lease.find(operation);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    void add(Lease lease) {
        change(all -> {
            List<Lease> more = new ArrayList<>(all);
            more.add(lease);
            return more;
        });
    }

    /** Forgets leases that neither serve nor hold anything. */
    void tidy() {
        change(all -> all.stream()
                .filter(lease -> lease.isOpen() || lease.size() > 0 || lease.free() > 0)
                .toList());
    }

    private void change(Function<List<Lease>, List<Lease>> how) {
        leases.updateAndGet(before -> new Leases(how.apply(before.all())));
    }

    /** Which times its leases were ended: a lease that was asked for before the last one is not begun. */
    int generation() {
        return generation.get();
    }

    void nextGeneration() {
        generation.incrementAndGet();
    }

    /** Whether the caller may take a slice now: one at a time, and not again at once where there was none to be had. */
    boolean beginGrowing(long now) {
        return now - growAgainAt >= 0 && growing.compareAndSet(false, true);
    }

    void endGrowing(boolean grown, long now) {
        growAgainAt = grown ? now : now + PAUSE;
        growing.set(false);
    }

    boolean isUnused(long now) {
        return leases.get().all().isEmpty() && !growing.get() && now - windowStart.get() > 2 * WINDOW;
    }
}
